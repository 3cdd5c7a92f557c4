package io.tcplab.loadgen.lab;

import java.util.Locale;

/** What the kernel said to a hypothesis or to a claim. */
public enum Verdict {
    HOLDS,
    REFUTED,
    /** True under one condition and false under another; the reason names both. */
    CONDITIONAL,
    /** Could not be tested here; the reason says why. */
    UNTESTABLE;

    /** The word for reports, in small letters. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What two verdicts on one claim make together: different answers make a condition of it. */
    public Verdict with(Verdict other) {
        if (this == UNTESTABLE) {
            return other;
        }
        return other == UNTESTABLE || other == this ? this : CONDITIONAL;
    }
}
