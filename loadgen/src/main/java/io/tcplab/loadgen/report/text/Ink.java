package io.tcplab.loadgen.report.text;

import java.util.Map;

/** Colours for a terminal, or none: every method gives the text back unchanged when colour is off. */
public enum Ink {
    /** No escape sequences at all. */
    PLAIN,
    /** ANSI escape sequences (ECMA-48 SGR). */
    COLOUR;

    /** Colour only on a terminal that can show it, and only where NO_COLOR is not set (no-color.org). */
    public static Ink of(boolean terminal, Map<String, String> environment) {
        boolean refused = !environment.getOrDefault("NO_COLOR", "").isEmpty();
        boolean dumb = environment.getOrDefault("TERM", "").equals("dumb");
        return terminal && !refused && !dumb ? COLOUR : PLAIN;
    }

    public String bold(String text) {
        return in("1", text);
    }

    public String dim(String text) {
        return in("2", text);
    }

    public String good(String text) {
        return in("32", text);
    }

    public String bad(String text) {
        return in("1;31", text);
    }

    public String careful(String text) {
        return in("33", text);
    }

    private String in(String code, String text) {
        return this == PLAIN ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
    }
}
