package io.tcplab.loadgen.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tcplab.loadgen.watch.ClockOffset;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.Leftovers;
import io.tcplab.loadgen.watch.ServerProcess;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was seen beside the connections: keys of {@code summary.json}.
 *
 * @param kernel what the kernels counted
 * @param reconciliation our counts beside the kernel's
 * @param generator what the generator itself cost
 * @param server what the companion's process cost and counted; absent when none was asked
 * @param warmup what was run but not recorded
 * @param clockOffset of the server's clock against ours; absent when no companion was asked
 * @param before what earlier work had left when the run began; absent when nobody looked
 * @param network what lay between the sides; absent where that was no cable of ours
 * @param actions what was done during the load and what it cost; empty where nothing was
 * @param generators of a load that several generators joined; left out where there was one, or shards
 * @param counted by one of several generators, to be held against the server's kernel together; left out where there was one
 */
public record Observed(
        KernelFigures kernel,
        List<Reconciled> reconciliation,
        Generator generator,
        @Nullable ServerProcess server,
        Warmup warmup,
        @Nullable ClockOffset clockOffset,
        @Nullable Leftovers before,
        @Nullable NetworkFigures network,
        List<ActionReport> actions,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<OneGenerator> generators,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Counted counted) {

    public Observed {
        reconciliation = List.copyOf(reconciliation);
        // A file of an earlier version has none.
        actions = actions == null ? List.of() : List.copyOf(actions);
        generators = generators == null ? List.of() : List.copyOf(generators);
    }

    public Observed(
            KernelFigures kernel,
            List<Reconciled> reconciliation,
            Generator generator,
            @Nullable ServerProcess server,
            Warmup warmup,
            @Nullable ClockOffset clockOffset,
            @Nullable Leftovers before) {
        this(kernel, reconciliation, generator, server, warmup, clockOffset, before, null, List.of(), List.of(), null);
    }

    /** The same with what the server's processes used. */
    Observed with(ServerProcess used) {
        return new Observed(
                kernel,
                reconciliation,
                generator,
                used,
                warmup,
                clockOffset,
                before,
                network,
                actions,
                generators,
                counted);
    }

    /** The same with what was done during the load. */
    Observed with(List<ActionReport> done) {
        return with(network, done, generators, counted);
    }

    /** The same with what lay between the sides. */
    Observed with(NetworkFigures between) {
        return with(between, actions, generators, counted);
    }

    /** The same with the generators that it came from. */
    Observed from(List<OneGenerator> each) {
        return with(network, actions, each, counted);
    }

    /** The same with what one of several generators counted. */
    Observed with(Counted ofSeveral) {
        return with(network, actions, generators, ofSeveral);
    }

    private Observed with(
            @Nullable NetworkFigures between,
            List<ActionReport> done,
            List<OneGenerator> each,
            @Nullable Counted ofSeveral) {
        return new Observed(
                kernel, reconciliation, generator, server, warmup, clockOffset, before, between, done, each, ofSeveral);
    }

    /**
     * What the generator cost.
     *
     * @param cpuSeconds user and system time of the generator's process during the recorded part
     * @param cpuMicrosPerConnection absent when nothing was started
     * @param eventLoopBusy share of the recorded part that the busiest event loop worked, 0 to 1; being awake for the next start
     *     (client.pinCpu) is not work
     */
    public record Generator(
            double cpuSeconds, @Nullable Double cpuMicrosPerConnection, double eventLoopBusy, GcPauses gcPauses) {
        public Generator {
            cpuSeconds = Summary.thousandths(cpuSeconds);
            cpuMicrosPerConnection =
                    cpuMicrosPerConnection == null ? null : Summary.thousandths(cpuMicrosPerConnection);
            eventLoopBusy = Summary.thousandths(eventLoopBusy);
        }
    }

    /** The garbage collector's pauses in the generator. */
    public record GcPauses(long count, double totalMillis, double maxMillis) {
        /** None. */
        public static final GcPauses NONE = new GcPauses(0, 0, 0);
    }

    /** What was run but not recorded. */
    public record Warmup(long started, Outcomes outcomes) {
        /** There was no warm-up. */
        public static final Warmup NONE = new Warmup(0, Outcomes.NONE);
    }
}
