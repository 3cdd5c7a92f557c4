package io.tcplab.loadgen.run;

import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.LedgerReading;

/** Whether any of a load's first connections came about, looked at once; a load that has not begun enough of them until then goes on. */
final class FirstLook {

    /** How long after the start it is looked. */
    static final long AFTER_NANOS = 1_000_000_000;

    private static final long FEWEST_FAILURES = 20;

    private boolean wanted;
    private boolean nothingConnected;

    /** From now on a load whose first connections all fail to connect is to end. */
    void want() {
        wanted = true;
    }

    boolean isWanted() {
        return wanted;
    }

    /** Looks at what has been counted until now; returns whether the load is to end. */
    boolean showsNothing(LedgerReading first) {
        long failed = first.outcome(ConnectionOutcome.REFUSED) + first.outcome(ConnectionOutcome.UNREACHABLE);
        nothingConnected = first.established() == 0 && failed >= FEWEST_FAILURES && failed == first.ended();
        return nothingConnected;
    }

    /** Whether a load was to end for it. */
    boolean nothingConnected() {
        return nothingConnected;
    }
}
