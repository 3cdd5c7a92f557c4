package io.tcplab.loadgen.watch;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.host.SocketOwner;
import io.tcplab.kernel.observe.Observation;
import io.tcplab.kernel.observe.ObservedListener;
import io.tcplab.kernel.sockdiag.ListenerReading;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Adds up what is observed of a target's listeners, each by itself. Fed by one thread; read when the observer has finished. */
final class ListenerRecorder {

    private static final long LONGEST_QUEUE = 1_000_000;
    private static final long DROPS_MODULUS = 1L << 32;

    private final Map<Long, OneListener> byInode = new LinkedHashMap<>();
    private final AcceptStalls stalls = new AcceptStalls();
    private final WorkerStalls workerStalls = new WorkerStalls();
    private long observations;
    private long othersBefore;
    private long othersLast;

    void add(Observation observation) {
        boolean first = observations == 0;
        observations++;
        stalls.add(observation);
        workerStalls.add(observation);
        for (ObservedListener listener : observation.listeners()) {
            // A listener that was not there at the first look began with no drops.
            byInode.computeIfAbsent(
                            listener.socket().inode(),
                            _ -> new OneListener(first ? listener.socket().drops() : 0))
                    .add(listener, observations, observation.atNanos());
        }
        byInode.values().forEach(each -> each.lookedAt(observations, observation.atNanos()));
        othersLast = observation.otherListenerDrops();
        if (first) {
            othersBefore = othersLast;
        }
    }

    /**
     * The listeners, worst first.
     *
     * @param counters what the namespace's counters moved over the same observations
     * @param recordedFromNanos from when on seconds count
     */
    List<ListenerFigures> figures(Map<String, Long> counters, long recordedFromNanos) {
        long overflows = counters.getOrDefault(KernelCounter.LISTEN_OVERFLOWS.kernelName(), 0L);
        return byInode.values().stream()
                .map(each -> each.figures(
                        overflows(each, overflows),
                        recordedFromNanos,
                        workerStalls.longest(each.inode(), recordedFromNanos),
                        workerStalls.ownerMeanwhile(each.inode())))
                .sorted(ListenerFigures.WORST_FIRST)
                .toList();
    }

    /** The longest time in which connections waited in the queues and none was accepted; {@code null} where there was none of a second. */
    KernelFigures.@Nullable Stretch nothingAccepted(long recordedFromNanos) {
        return stalls.longest(recordedFromNanos);
    }

    /**
     * At least so many of the namespace's overflows were this listener's: each one that was another's has moved that one's drops, unless it
     * came and went between two looks; and never more than its own drops, which each of its overflows has moved.
     */
    private @Nullable Long overflows(OneListener listener, long overflows) {
        if (overflows == 0) {
            return 0L;
        }
        long own = 0;
        long others = othersLast == ListenerReading.UNKNOWN ? overflows : othersLast - othersBefore;
        for (OneListener each : byInode.values()) {
            Long drops = each.drops();
            if (drops == null) {
                return null;
            }
            if (each.equals(listener)) {
                own = drops;
            } else {
                others += drops;
            }
        }
        return Math.clamp(overflows - others, 0, own);
    }

    private static final class OneListener {
        private final long dropsBefore;
        private final Histogram queue = new Histogram(3);
        private final QueueLimits limits = new QueueLimits();
        private @Nullable ObservedListener latest;
        private @Nullable Long descriptors;
        private @Nullable Integer stopped;
        private @Nullable SocketOwner whenStopped;
        private long seenAt;
        private @Nullable Long goneNanos;

        OneListener(long dropsBefore) {
            this.dropsBefore = dropsBefore;
        }

        void add(ObservedListener listener, long observation, long atNanos) {
            queue.recordValue(Math.clamp(listener.socket().acceptQueueLength(), 0, LONGEST_QUEUE));
            limits.add(listener, atNanos);
            Long open = ListenerFigures.descriptors(listener);
            descriptors = open == null || (descriptors != null && descriptors > open) ? descriptors : open;
            Integer now = ListenerFigures.stopped(listener);
            if (now != null && now > 0) {
                whenStopped = listener.owner().orElse(whenStopped);
            }
            stopped = now == null || (stopped != null && stopped > now) ? stopped : now;
            latest = listener;
            seenAt = observation;
        }

        void lookedAt(long observation, long atNanos) {
            if (seenAt == observation) {
                goneNanos = null;
            } else if (goneNanos == null) {
                goneNanos = atNanos;
            }
        }

        private ObservedListener latest() {
            return Objects.requireNonNull(latest, "a record begins with a listener");
        }

        long inode() {
            return latest().socket().inode();
        }

        /** {@code ownerMeanwhile}: who held it while nothing was accepted; it may be another process by now. */
        ListenerFigures figures(
                @Nullable Long overflows,
                long recordedFromNanos,
                ListenerFigures.@Nullable Stall nothingAccepted,
                @Nullable SocketOwner ownerMeanwhile) {
            SocketOwner accused = ownerMeanwhile == null ? whenStopped : ownerMeanwhile;
            boolean overflowed = overflows != null && overflows > 0;
            QueueLimits.Under worst = limits.worst(overflowed);
            return ListenerFigures.of(
                    worst.limiting(accused == null ? latest() : latest().heldBy(accused)),
                    worst.peak(overflowed),
                    queue.getValueAtPercentile(99),
                    drops(),
                    overflows,
                    descriptors,
                    stopped,
                    goneNanos == null ? null : Math.round((goneNanos - recordedFromNanos) / 1e6) / 1e3,
                    nothingAccepted,
                    limits.changes(recordedFromNanos));
        }

        @Nullable
        Long drops() {
            long now = latest().socket().drops();
            return now == ListenerReading.UNKNOWN || dropsBefore == ListenerReading.UNKNOWN
                    ? null
                    : Math.floorMod(now - dropsBefore, DROPS_MODULUS);
        }
    }
}
