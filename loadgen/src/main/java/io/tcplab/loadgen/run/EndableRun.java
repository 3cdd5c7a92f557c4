package io.tcplab.loadgen.run;

import io.tcplab.loadgen.plan.CannotRun;

/** A run that can be ended early. */
public interface EndableRun {

    /** Runs; everything that was started is gone when it returns or throws. */
    RunResult run() throws CannotRun;

    /** Ends it soon, with complete partial results; any thread may. */
    void interrupt();

    /** Ends it soon with a complete result, where it can. */
    default void endEarly() {
        interrupt();
    }
}
