package io.tcplab.loadgen.fleet;

/** A generator went away, or could not do its part; the message is a sentence about it without a full stop. */
final class Lost extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Lost(String sentence) {
        super(sentence);
    }
}
