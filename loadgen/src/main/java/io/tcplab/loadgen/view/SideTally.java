package io.tcplab.loadgen.view;

import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.watch.TimelineRow;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the kernel of one side has shown so far. For one thread at a time. */
final class SideTally {

    static final String NOT_OBSERVED = "–";

    private static final double NEVER = Double.NEGATIVE_INFINITY;
    private static final double STALE_SECONDS = 2;

    private Map<String, Long> states = Map.of();
    private final Map<String, Long> counters = new HashMap<>();
    private boolean observed;
    private @Nullable Long queueLength;
    private @Nullable Long queueLimit;
    private long queuePeak;
    private double latestSecond = NEVER;
    private double passingSecond = NEVER;
    private double allSecond = NEVER;

    /** Takes in what was seen at a second of the run. */
    void add(double second, TimelineRow.Kernel kernel) {
        observed = true;
        latestSecond = second;
        passingSecond = kernel.states().isEmpty() ? passingSecond : second;
        allSecond = kernel.states().containsKey(TcpState.TIME_WAIT.name()) ? second : allSecond;
        queueLength = kernel.acceptQueueLength();
        queueLimit = kernel.acceptQueueLimit();
        queuePeak = Math.max(queuePeak, queueLength == null ? 0 : queueLength);
        kernel.counters().forEach((name, delta) -> counters.merge(name, delta, Long::sum));
        states = kernel.statesAfter(states);
    }

    boolean observed() {
        return observed;
    }

    /** The count as text, with a tilde where it was read more than two seconds ago; a dash where it was never read. */
    String state(TcpState state) {
        boolean rare = state == TcpState.ESTABLISHED || state == TcpState.TIME_WAIT;
        double second = rare ? allSecond : passingSecond;
        if (second == NEVER) {
            return NOT_OBSERVED;
        }
        String stale = latestSecond - second > STALE_SECONDS ? "~" : "";
        return stale + InWords.count(states.getOrDefault(state.name(), 0L));
    }

    long counter(KernelCounter counter) {
        return counters.getOrDefault(counter.kernelName(), 0L);
    }

    /** The counter's sum as text. */
    String counted(KernelCounter counter) {
        return observed ? InWords.count(counter(counter)) : NOT_OBSERVED;
    }

    /** For example {@code 12 of 128}. */
    String queue() {
        if (queueLength == null || queueLimit == null) {
            return observed ? "no listener" : NOT_OBSERVED;
        }
        return InWords.count(queueLength) + " of " + InWords.count(queueLimit);
    }

    /**
     * The longest that was seen.
     *
     * @param overflowed whether this listener's queue overflowed: then it held one more than its limit, between two looks
     */
    String queuePeak(boolean overflowed) {
        if (queueLimit == null) {
            return NOT_OBSERVED;
        }
        return InWords.count(overflowed ? Math.max(queuePeak, queueLimit + 1) : queuePeak);
    }

    /** Whether the queue is at its limit now. */
    boolean queueIsFull() {
        return queueLength != null && queueLimit != null && queueLength >= Math.max(1, queueLimit);
    }

    /** Whether the queue was at its limit. */
    boolean queueWasFull() {
        return queueLimit != null && queuePeak >= Math.max(1, queueLimit);
    }
}
