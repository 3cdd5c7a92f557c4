package io.tcplab.loadgen.watch;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.observe.Observation;
import io.tcplab.kernel.sockdiag.PortCounts;
import io.tcplab.kernel.sockdiag.StateCounts;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Adds up the observations of one side of a run: peaks, last values, moved counters. Fed by one thread; what has come until now may be
 * read by another.
 */
final class SideRecorder {

    private final Side side;
    private final int port;
    private final Map<TcpState, Long> peaks = new EnumMap<>(TcpState.class);
    private final Map<TcpState, Long> before = new EnumMap<>(TcpState.class);
    private final Map<TcpState, Long> last = new EnumMap<>(TcpState.class);
    private final ListenerRecorder listeners = new ListenerRecorder();
    private final ObservationGaps gaps = new ObservationGaps();
    private final Map<String, Long> counters = new LinkedHashMap<>();
    private long costNanos;
    private long observations;
    private boolean first = true;

    SideRecorder(Side side, int port) {
        this.side = side;
        this.port = port;
    }

    synchronized void add(Observation observation) {
        observations++;
        costNanos += observation.costNanos();
        gaps.add(observation.atNanos());
        if (!first) {
            // The first sample only marks where counting begins.
            observation.counterDeltas().forEach((name, delta) -> counters.merge(name, delta, Long::sum));
        }
        boolean begins = first;
        first = false;
        if (side == Side.SERVER) {
            listeners.add(observation);
        }
        observation.states().ifPresent(counts -> addStates(counts, observation.allStates()));
        if (begins) {
            before.putAll(last);
        }
    }

    private void addStates(PortCounts counts, boolean all) {
        StateCounts ours = counts.of(side);
        if (all) {
            last.clear();
        }
        ours.asMap().forEach((state, count) -> {
            peaks.merge(state, (long) count, Math::max);
            last.put(state, (long) count);
        });
    }

    /**
     * What the kernel of this side showed in all.
     *
     * @param recordedFromNanos when the recorded part began
     * @param partialFromSecond from when on nothing was seen any more, in seconds since the recorded part began; absent where all was seen
     */
    synchronized SideFigures figures(long recordedFromNanos, @Nullable Double partialFromSecond) {
        List<ListenerFigures> listening = listeners.figures(counters, recordedFromNanos);
        return new SideFigures(
                counters,
                named(peaks),
                named(before),
                partialFromSecond == null ? named(last) : null,
                listening.isEmpty()
                        ? null
                        : KernelFigures.AcceptQueue.of(
                                listening.getFirst(), nothingAccepted(listening, recordedFromNanos)),
                listening,
                new KernelFigures.TimeWait(
                        peaks.getOrDefault(TcpState.TIME_WAIT, 0L),
                        partialFromSecond == null ? last.getOrDefault(TcpState.TIME_WAIT, 0L) : null),
                port,
                partialFromSecond,
                false,
                gaps.longest(recordedFromNanos));
    }

    private KernelFigures.@Nullable Stretch nothingAccepted(List<ListenerFigures> listening, long recordedFromNanos) {
        KernelFigures.Stretch longest = listeners.nothingAccepted(recordedFromNanos);
        if (longest != null) {
            return longest;
        }
        for (ListenerFigures each : listening) {
            ListenerFigures.Stall stall = each.nothingAccepted();
            if (stall != null) {
                longest = KernelFigures.Stretch.longer(
                        longest,
                        new KernelFigures.Stretch(stall.fromSecond(), stall.toSecond(), ListenerInWords.name(each)));
            }
        }
        return longest;
    }

    /** CPU time that observing has cost, in nanoseconds. */
    long costNanos() {
        return costNanos;
    }

    long observations() {
        return observations;
    }

    /** One row of the timeline. */
    TimelineRow row(Observation observation, double second) {
        boolean listens =
                side == Side.SERVER && !observation.listeners().isEmpty() && observation.acceptQueueLimit() >= 0;
        Map<String, Long> states = new LinkedHashMap<>();
        observation
                .states()
                .ifPresent(counts ->
                        counts.of(side).asMap().forEach((state, count) -> states.put(state.name(), (long) count)));
        OptionalInt timeWait =
                side == Side.SERVER ? observation.serverTimeWaitCount() : observation.clientTimeWaitCount();
        timeWait.ifPresent(count -> states.put(TcpState.TIME_WAIT.name(), (long) count));
        return new TimelineRow(
                second,
                side,
                null,
                new TimelineRow.Kernel(
                        known(listens, observation.acceptQueueLength()),
                        known(listens, observation.acceptQueueLimit()),
                        states,
                        observation.counterDeltas(),
                        observation.costNanos() / 1e3));
    }

    private static @Nullable Long known(boolean known, long value) {
        return known ? value : null;
    }

    private static Map<String, Long> named(Map<TcpState, Long> counts) {
        Map<String, Long> named = new LinkedHashMap<>();
        counts.forEach((state, count) -> named.put(state.name(), count));
        return named;
    }
}
