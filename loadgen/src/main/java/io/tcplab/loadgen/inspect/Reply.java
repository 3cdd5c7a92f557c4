package io.tcplab.loadgen.inspect;

/**
 * How a server took one plain connection with one plain request, by which it is seen whether it still answers.
 *
 * @param fate in one word
 * @param words in words
 */
record Reply(Fate fate, String words) {

    /** What can become of it. */
    enum Fate {
        ANSWERED,
        /** 429 or 503, which the first look did not get. */
        BUSY,
        /** Not taken, or closed at once without a word. */
        REFUSED,
        SILENT
    }

    /** As of a server that answers. */
    static final Reply ANSWERED = new Reply(Fate.ANSWERED, "answered");

    /** Whether there was an answer; one with an unexpected status is an answer. */
    boolean answers() {
        return fate == Fate.ANSWERED || fate == Fate.BUSY;
    }

    /** Whether a limit would do so. */
    boolean isTurnedAway() {
        return fate == Fate.REFUSED || fate == Fate.BUSY;
    }
}
