package io.tcplab.loadgen.lab;

/** A verdict and the observation it rests on, in one sentence. */
public record Finding(Verdict verdict, String reason) {

    /** The kernel did as it is said. */
    public static Finding holds(String reason) {
        return new Finding(Verdict.HOLDS, reason);
    }

    /** The kernel did otherwise. */
    public static Finding refuted(String reason) {
        return new Finding(Verdict.REFUTED, reason);
    }

    /** It depends, and the reason says on what. */
    public static Finding conditional(String reason) {
        return new Finding(Verdict.CONDITIONAL, reason);
    }

    /** It cannot be tested here. */
    public static Finding untestable(String reason) {
        return new Finding(Verdict.UNTESTABLE, reason);
    }

    /** Holds if the kernel's answer is {@code true}, else refuted. */
    public static Finding holdsIf(boolean answer, String reason) {
        return answer ? holds(reason) : refuted(reason);
    }

    /** Holds if it came out as it was published, else refuted; the reason puts both side by side. */
    public static Finding published(boolean same, String published, String here) {
        return holdsIf(same, "published: " + published + "; here: " + here);
    }
}
