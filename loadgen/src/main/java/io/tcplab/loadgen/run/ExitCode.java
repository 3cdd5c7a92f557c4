package io.tcplab.loadgen.run;

import io.tcplab.loadgen.result.Summary;

/** What the exit code of every command means. */
public enum ExitCode {
    /** Ran, and all is well. */
    FINE(0),
    /** Could not run; the reason names the system call or setting and the remedy. */
    COULD_NOT_RUN(1),
    /** Bad usage or profile. */
    BAD_USAGE(2),
    /** Ran, and a threshold or an expectation was not met. */
    NOT_MET(3),
    /** Ran, but the result cannot be trusted. */
    NOT_TO_BE_BELIEVED(4),
    /** Ended by Ctrl-C, SIGTERM or SIGHUP, with complete partial results. */
    INTERRUPTED(130);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** What a result is worth. */
    public static ExitCode of(Summary summary) {
        if (summary.interrupted()) {
            return INTERRUPTED;
        } else if (!summary.valid()) {
            return NOT_TO_BE_BELIEVED;
        }
        return summary.thresholdsKept() ? FINE : NOT_MET;
    }
}
