package io.tcplab.loadgen.compare;

import org.jspecify.annotations.Nullable;

/**
 * One figure of a gate.
 *
 * @param key in JSON
 * @param label for a reader, with its unit
 * @param base before; absent where it was not observed
 * @param now after; likewise
 * @param limit what {@code now} may be at most, or at least where less is worse; absent where it is not judged
 * @param verdict what it comes to
 * @param reason why it is not judged; empty where it is
 */
record GateRow(
        String key,
        String label,
        @Nullable Double base,
        @Nullable Double now,
        @Nullable Double limit,
        Verdict verdict,
        String reason) {

    /** What became of a figure. */
    enum Verdict {
        WORSE("worse", "worse"),
        BETTER("better", "better"),
        SAME("same", "same"),
        CANNOT_TELL("cannotTell", "cannot tell");

        private final String id;
        private final String words;

        Verdict(String id, String words) {
            this.id = id;
            this.words = words;
        }

        String id() {
            return id;
        }

        String words() {
            return words;
        }
    }

    /** The same, of a namespace that both sides share. */
    GateRow ofBothSides() {
        return new GateRow(
                key, label.replaceFirst(" (by|on) the client", " $1 both sides"), base, now, limit, verdict, reason);
    }

    /** The same, not judged. */
    GateRow unjudged(String why) {
        return unjudged(key, label, base, now, why);
    }

    /** A figure that is not judged. */
    static GateRow unjudged(String key, String label, @Nullable Double base, @Nullable Double now, String reason) {
        return new GateRow(key, label, base, now, null, Verdict.CANNOT_TELL, reason);
    }
}
