package io.tcplab.kernel.sockdiag;

import io.tcplab.kernel.TcpState;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * How many sockets were in each TCP state. Immutable. Half-open connections are counted under SYN_RECV.
 *
 * <p>The kernel walks its table while connections live on: one that changes its state meanwhile may be seen twice or not
 * at all. Counts of a table that rests are exact.
 */
public final class StateCounts {
    /** No socket at all. */
    public static final StateCounts NONE = new StateCounts(new int[TcpState.NUMBERS], true);

    private final int[] byNumber;
    private final boolean exact;

    StateCounts(int[] byNumber, boolean exact) {
        this.byNumber = Arrays.copyOf(byNumber, TcpState.NUMBERS);
        this.exact = exact;
    }

    /** Counts that were taken elsewhere; a state that is not named has no sockets. */
    public static StateCounts of(Map<TcpState, Integer> counts, boolean exact) {
        int[] byNumber = new int[TcpState.NUMBERS];
        counts.forEach((state, count) -> byNumber[TcpState.of(state.number()).number()] += count);
        return new StateCounts(byNumber, exact);
    }

    /** The number of sockets in this state. */
    public int count(TcpState state) {
        return byNumber[TcpState.of(state.number()).number()];
    }

    /** The number of sockets in any state. */
    public int total() {
        return Arrays.stream(byNumber).sum();
    }

    /** Whether the kernel delivered its list whole; false after several tries that it reported as cut or disturbed. */
    public boolean exact() {
        return exact;
    }

    /** The states that have sockets, in the kernel's order. */
    public Map<TcpState, Integer> asMap() {
        Map<TcpState, Integer> counts = new EnumMap<>(TcpState.class);
        for (TcpState state : TcpState.values()) {
            if (byNumber[state.number()] > 0) {
                counts.put(state, byNumber[state.number()]);
            }
        }
        return counts;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StateCounts counts && exact == counts.exact && Arrays.equals(byNumber, counts.byNumber);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(byNumber);
    }

    @Override
    public String toString() {
        return asMap() + (exact ? "" : " (approximate)");
    }
}
