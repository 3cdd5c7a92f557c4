package io.tcplab.companion.control;

/**
 * A companion's clocks at one moment.
 *
 * @param nanos {@code System.nanoTime()} there: on the same host it is ours too (clock_gettime(2), CLOCK_MONOTONIC)
 * @param wallMillis wall clock, milliseconds since 1970
 */
public record ClockReading(long nanos, long wallMillis) {

    static ClockReading now() {
        return new ClockReading(System.nanoTime(), System.currentTimeMillis());
    }
}
