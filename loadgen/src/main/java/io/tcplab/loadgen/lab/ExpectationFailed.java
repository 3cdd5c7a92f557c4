package io.tcplab.loadgen.lab;

/** The experiment did not show what it says it shows: a failed test, not a verdict. */
public final class ExpectationFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What was expected and what was seen. */
    public ExpectationFailed(String message) {
        super(message);
    }
}
