package io.tcplab.loadgen.run;

import java.io.Serial;

/** Options that do not fit each other or the profile: one sentence, and exit code 2 before anything is opened. */
public final class BadUsage extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    public BadUsage(String sentence) {
        super(sentence);
    }
}
