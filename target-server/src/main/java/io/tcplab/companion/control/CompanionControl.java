package io.tcplab.companion.control;

import io.tcplab.companion.CompanionCounts;
import io.tcplab.companion.CompanionException;
import java.time.Duration;

/**
 * What a run can ask of a companion in another process, over a pipe ({@link CompanionProcess}) or over HTTP
 * ({@link ControlClient}). Calls may come from any thread and wait for the answer.
 */
public interface CompanionControl extends AutoCloseable {

    /** What it has seen until now. */
    CompanionCounts counts() throws CompanionException;

    /**
     * What its kernel said since the observation with that number; 0 gives all that are kept. A child begins to observe with the
     * first call.
     */
    ObservationLog.Part observations(long after) throws CompanionException;

    /** Its clocks, read while the call was in progress. */
    ClockReading clock() throws CompanionException;

    /** Stops listening and lets exchanges in progress end, for at most that time; returns the counts after that. */
    CompanionCounts finish(Duration atMost) throws CompanionException;

    /** Lets go of the companion; one that we started ends. */
    @Override
    void close();
}
