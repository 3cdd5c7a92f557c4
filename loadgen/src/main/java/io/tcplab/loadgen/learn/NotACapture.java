package io.tcplab.loadgen.learn;

import java.io.Serial;

/** A file that is no capture, or a damaged one, in a sentence. */
final class NotACapture extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    NotACapture(String sentence) {
        super(sentence);
    }
}
