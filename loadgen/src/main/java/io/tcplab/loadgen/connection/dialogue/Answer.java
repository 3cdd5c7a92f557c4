package io.tcplab.loadgen.connection.dialogue;

/** How much of an expected answer has come. */
final class Answer {

    private static final long UNKNOWN = -1;

    /** Its bytes so far. */
    long taken;

    /** How many bytes of its end the last ones are. */
    int found;

    /** The length that it says itself, as far as that has come. */
    long length;

    /** How many bytes it has, once that is known. */
    long total = UNKNOWN;

    /** Its bytes of earlier reads: all where they will be looked into, otherwise the first for a message. */
    final Kept kept = new Kept();

    /** What has come of the line in progress, where lines are looked into. */
    final Kept line = new Kept();

    /** Whether {@link #kept} has what came last, too. */
    boolean keptAll;

    private boolean whole;

    boolean isWhole() {
        return whole;
    }

    void complete() {
        whole = true;
    }

    boolean knowsTotal() {
        return total != UNKNOWN;
    }

    void clear() {
        taken = 0;
        found = 0;
        length = 0;
        total = UNKNOWN;
        kept.clear();
        line.clear();
        keptAll = false;
        whole = false;
    }
}
