package io.tcplab.loadgen.plan;

/** A run could not begin; the message is one or two sentences that name the system call or the setting, and the remedy. */
public final class CannotRun extends Exception {

    public CannotRun(String message) {
        super(message);
    }

    public CannotRun(String message, Throwable cause) {
        super(message, cause);
    }
}
