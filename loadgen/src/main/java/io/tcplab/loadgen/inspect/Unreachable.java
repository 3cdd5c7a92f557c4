package io.tcplab.loadgen.inspect;

import java.io.Serial;

/** A connection could not be opened; the message names the errno and is a sentence's part. */
public final class Unreachable extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    public Unreachable(String reason) {
        super(reason);
    }
}
