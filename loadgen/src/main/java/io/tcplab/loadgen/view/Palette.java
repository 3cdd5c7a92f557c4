package io.tcplab.loadgen.view;

import java.util.Map;

/** How many colours a terminal has. */
enum Palette {
    /** No escape sequence at all within a line. */
    NONE,
    EIGHT,
    /** 256. */
    MANY;

    /** As the environment says: NO_COLOR (no-color.org) refuses all, TERM and COLORTERM name what there is. */
    static Palette of(Map<String, String> environment) {
        if (!environment.getOrDefault("NO_COLOR", "").isEmpty()) {
            return NONE;
        }
        boolean many = environment.getOrDefault("TERM", "").contains("256color")
                || !environment.getOrDefault("COLORTERM", "").isEmpty();
        return many ? MANY : EIGHT;
    }
}
