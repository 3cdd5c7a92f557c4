package io.tcplab.loadgen.run;

import io.tcplab.loadgen.record.CauseTally;
import io.tcplab.loadgen.record.LedgerReading;
import io.tcplab.loadgen.record.Measurement;
import io.tcplab.loadgen.record.TlsTally;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The recorded part of a load.
 *
 * @param fromNanos when it began, a {@link System#nanoTime} value
 * @param cpuNanos what it cost the process
 * @param withinTime what of its connections ended within it
 * @param interrupted whether it ended before its time
 */
record RecordedPart(
        Instant startedAt, long fromNanos, long nanos, long cpuNanos, LedgerReading withinTime, boolean interrupted) {

    /** What was measured in it; {@code harvest} has ended. */
    Measurement measurement(
            long seed, Harvest harvest, List<CauseTally.Counted> causes, TlsTally.@Nullable Reading tls) {
        return new Measurement(
                startedAt,
                fromNanos,
                nanos,
                seed,
                harvest.counts(),
                withinTime,
                harvest.warmupCounts(),
                harvest.latencies(),
                harvest.steps(),
                harvest.connectP50Micros(),
                harvest.rtts(),
                harvest.tcp(),
                causes,
                harvest.targets(),
                harvest.statuses(),
                tls,
                cpuNanos,
                harvest.busiestLoop(nanos),
                harvest.collections().count(),
                harvest.collections().millis(),
                harvest.collections().maxMillis(),
                interrupted);
    }
}
