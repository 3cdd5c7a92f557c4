package io.tcplab.loadgen.watch;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.observe.Observation;
import io.tcplab.kernel.observe.ObservedListener;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds the longest time in which connections waited to be accepted and none was: the queues grew by exactly what was established
 * (Tcp.PassiveOpens). Connections to other listeners of the namespace are in that counter too and can only hide such a time,
 * never make one.
 */
final class AcceptStalls {

    private static final long LEAST_NANOS = TimeUnit.SECONDS.toNanos(1);

    /**
     * A connection that is established between the look at a queue and the reading of the counters is in one of them only until the next.
     */
    private static final long BETWEEN_READINGS = 1;

    private static final long NONE = Long.MIN_VALUE;

    private List<Long> listeners = List.of();
    private long beginNanos;
    private long beginQueue;
    private long opens;
    private long doubtNanos = NONE;
    private long doubtQueue;
    private long doubtOpens;
    private long longestBeginNanos;
    private long longestEndNanos;
    private @Nullable ObservedListener longestOf;

    void add(Observation observation) {
        List<Long> now = observation.listeners().stream()
                .map(each -> each.socket().inode())
                .toList();
        long queue = observation.listeners().stream()
                .map(ObservedListener::socket)
                .mapToLong(each -> each.acceptQueueLength())
                .sum();
        opens += observation.counterDeltas().getOrDefault(KernelCounter.PASSIVE_OPENS.kernelName(), 0L);
        if (queue == 0 || beginQueue == 0 || !now.equals(listeners)) {
            listeners = now;
            begin(observation.atNanos(), queue, opens);
            return;
        }
        if (accepted(queue) > BETWEEN_READINGS && doubtNanos != NONE) {
            begin(doubtNanos, doubtQueue, doubtOpens);
        }
        if (accepted(queue) > BETWEEN_READINGS) {
            // Counters are read after the queues, on a busy machine long after: the next look shows whether any were
            // accepted.
            doubtNanos = observation.atNanos();
            doubtQueue = queue;
            doubtOpens = opens;
        } else {
            doubtNanos = NONE;
            ends(queue, observation);
        }
    }

    private void begin(long atNanos, long queue, long opensBefore) {
        beginNanos = atNanos;
        beginQueue = queue;
        opens -= opensBefore;
        doubtNanos = NONE;
    }

    private long accepted(long queue) {
        return opens - (queue - beginQueue);
    }

    private void ends(long queue, Observation observation) {
        long atNanos = observation.atNanos();
        if (accepted(queue) <= 0 && atNanos - beginNanos > longestEndNanos - longestBeginNanos) {
            longestBeginNanos = beginNanos;
            longestEndNanos = atNanos;
            longestOf = onlyOneThatWaits(observation.listeners());
        }
    }

    /** Of several listeners those whose queue is empty may have nothing to accept; absent where there is one, or more than one waits. */
    private static @Nullable ObservedListener onlyOneThatWaits(List<ObservedListener> listeners) {
        List<ObservedListener> waiting = listeners.stream()
                .filter(each -> each.socket().acceptQueueLength() > 0)
                .toList();
        return listeners.size() > 1 && waiting.size() == 1 ? waiting.getFirst() : null;
    }

    KernelFigures.@Nullable Stretch longest(long recordedFromNanos) {
        return longestEndNanos - longestBeginNanos < LEAST_NANOS
                ? null
                : new KernelFigures.Stretch(
                        seconds(longestBeginNanos - recordedFromNanos),
                        seconds(longestEndNanos - recordedFromNanos),
                        longestOf == null ? null : ListenerInWords.name(ListenerFigures.now(longestOf)));
    }

    private static double seconds(long nanos) {
        return Math.round(nanos / 1e6) / 1e3;
    }
}
