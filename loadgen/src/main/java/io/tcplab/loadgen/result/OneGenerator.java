package io.tcplab.loadgen.result;

import io.tcplab.loadgen.watch.ClockOffset;
import org.jspecify.annotations.Nullable;

/**
 * One of several generators of a load: an entry of {@code generators} in {@code summary.json}. Times are by the lead's clock.
 *
 * @param number among all generators of the lead, in the order in which they joined
 * @param name of its directory beside the result; absent where it left no result
 * @param group as it was named by {@code join --as}; absent = none
 * @param host name of its machine
 * @param machine boot id of its machine, which containers on it have in common; absent when unknown
 * @param cpus of its machine
 * @param share its part of the load
 * @param complete whether its figures are in the result
 * @param lost why they are not; absent where they are
 * @param lostAtSecond when that was noticed, since the start; absent likewise
 * @param started connections: of the result where it is complete, else as far as it had reported
 * @param completed likewise
 * @param clockOffset its clock minus the lead's, when the start was agreed
 * @param startLateMicros how long after the agreed moment its first connection started; absent where it was lost before it said so
 * @param startSkewMicros the same, after the earliest generator's; absent likewise
 * @param eventLoopBusy share of the time that its busiest event loop worked; absent where it was lost
 * @param startDelayP99Micros how late it started connections; absent where it was lost or has none
 * @param saturated whether it was the bottleneck of its share; absent where it was lost
 */
public record OneGenerator(
        int number,
        @Nullable String name,
        @Nullable String group,
        String host,
        @Nullable String machine,
        int cpus,
        Part share,
        boolean complete,
        @Nullable String lost,
        @Nullable Double lostAtSecond,
        long started,
        long completed,
        ClockOffset clockOffset,
        @Nullable Double startLateMicros,
        @Nullable Double startSkewMicros,
        @Nullable Double eventLoopBusy,
        @Nullable Double startDelayP99Micros,
        @Nullable Boolean saturated) {

    public OneGenerator {
        lostAtSecond = lostAtSecond == null ? null : Summary.thousandths(lostAtSecond);
        startLateMicros = startLateMicros == null ? null : Summary.thousandths(startLateMicros);
        startSkewMicros = startSkewMicros == null ? null : Summary.thousandths(startSkewMicros);
    }

    /** Part {@code number}, from 0, of {@code of} equal parts. */
    public record Part(int number, int of) {}
}
