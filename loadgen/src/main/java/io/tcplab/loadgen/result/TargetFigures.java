package io.tcplab.loadgen.result;

import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.ListenerFigures;
import io.tcplab.loadgen.watch.SideFigures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of the connections to one of several targets.
 *
 * @param asked {@code HOST:PORT} as the profile has it
 * @param address {@code HOST:PORT} by number, which was chosen among the host's addresses
 * @param addresses all of the host's addresses when the run began, in the resolver's order
 * @param share of the connections that the weights ask for, 0 to 1
 * @param outcomes how they ended
 * @param exchanges what became of the requests
 * @param latencies in all members together; absent where results were merged that kept no histograms of them
 * @param http the statuses of the responses; absent without any
 * @param kernel its listeners; absent where its host was not observed
 */
public record TargetFigures(
        String asked,
        String address,
        List<String> addresses,
        double share,
        Outcomes outcomes,
        Exchanges exchanges,
        @Nullable Latencies latencies,
        Measured.@Nullable Http http,
        @Nullable Kernel kernel) {

    public TargetFigures {
        addresses = List.copyOf(addresses);
        share = Summary.thousandths(share);
    }

    /**
     * The kernel's view of one target.
     *
     * @param acceptQueue of the worst of its listeners; absent where there is none
     * @param listeners that take its connections, the worst first
     */
    public record Kernel(KernelFigures.@Nullable AcceptQueue acceptQueue, List<ListenerFigures> listeners) {

        public Kernel {
            listeners = List.copyOf(listeners);
        }

        /** Returns that of a side that was observed; absent where it was not. */
        public static @Nullable Kernel of(@Nullable SideFigures side) {
            return side == null ? null : new Kernel(side.acceptQueue(), side.listeners());
        }
    }

    /** Returns the targets of several shards together, in the order of the first; {@code totals} has the histograms of all shards. */
    public static List<TargetFigures> sum(List<List<TargetFigures>> parts, @Nullable Totals totals) {
        Map<String, TargetFigures> byName = new LinkedHashMap<>();
        parts.forEach(part -> part.forEach(each -> byName.merge(each.asked(), each, TargetFigures::plus)));
        List<TargetFigures> sums = new ArrayList<>();
        byName.forEach((asked, sum) -> sums.add(sum.with(totals == null ? null : totals.ofTarget(asked))));
        return sums;
    }

    private TargetFigures with(@Nullable Latencies together) {
        return new TargetFigures(asked, address, addresses, share, outcomes, exchanges, together, http, kernel);
    }

    private TargetFigures plus(TargetFigures other) {
        return new TargetFigures(
                asked,
                address,
                addresses,
                share,
                outcomes.plus(other.outcomes),
                exchanges.plus(other.exchanges),
                null,
                Measured.Http.sum(http, other.http),
                kernel == null || other.kernel == null
                        ? null
                        : new Kernel(
                                KernelFigures.AcceptQueue.fuller(kernel.acceptQueue, other.kernel.acceptQueue),
                                ListenerFigures.together(kernel.listeners, other.kernel.listeners)));
    }
}
