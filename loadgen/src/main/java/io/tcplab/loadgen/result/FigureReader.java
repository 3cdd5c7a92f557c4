package io.tcplab.loadgen.result;

import io.tcplab.loadgen.plan.Figure;
import io.tcplab.loadgen.plan.KernelFigure;
import io.tcplab.loadgen.plan.KernelFigure.AcceptQueue.Length;
import io.tcplab.loadgen.plan.RunFigure;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.Statistic;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.ServerProcess;
import io.tcplab.loadgen.watch.SideFigures;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Takes the value of a figure out of a result: the one place that knows where each stands. */
public final class FigureReader {

    private static final double MICROS_PER_SECOND = 1e6;

    private FigureReader() {}

    /**
     * The value in the base unit of {@link Figure#unit}: seconds, a fraction of 1, per second, or plain. Null where this result has none:
     * a side that was not observed, a latency without samples, a member that the mix does not have.
     */
    public static @Nullable Double read(Summary summary, Figure figure) {
        return switch (figure) {
            case Figure.OfMember ofMember -> ofMember(summary, ofMember);
            case Figure.OfTarget ofTarget -> ofTarget(summary, ofTarget);
            case KernelFigure ofKernel -> {
                SideFigures side = summary.kernel().of(ofKernel.side());
                yield side == null || side.isPartial() ? null : kernel(side, ofKernel);
            }
            case RunFigure ofRun -> ofRun(summary, ofRun);
        };
    }

    private static @Nullable Double ofMember(Summary summary, Figure.OfMember figure) {
        if (figure.member() == null) {
            return measured(summary.outcomes(), summary.exchanges(), summary.latencies(), figure);
        }
        for (Measured.Mix mix : summary.mixes()) {
            if (mix.name().equals(figure.member())) {
                return measured(mix.outcomes(), mix.exchanges(), mix.latencies(), figure);
            }
        }
        return null;
    }

    private static @Nullable Double ofTarget(Summary summary, Figure.OfTarget figure) {
        for (TargetFigures target : summary.targets()) {
            if (target.asked().equals(figure.target())) {
                TargetFigures.Kernel kernel = target.kernel();
                Latencies latencies = target.latencies();
                return switch (figure.figure()) {
                    case Figure.Latency latency
                    when latencies != null -> latency(latencies.of(latency.metric()), latency.statistic());
                    case Figure.Latency _, Figure.OfTarget _, RunFigure _ -> null;
                    case Figure.OfMember ofMember ->
                        measured(target.outcomes(), target.exchanges(), Latencies.NONE, ofMember);
                    case KernelFigure.AcceptQueue queue
                    when kernel != null -> queue(kernel.acceptQueue(), queue.length());
                    case KernelFigure _ -> null;
                };
            }
        }
        return null;
    }

    private static @Nullable Double measured(
            Outcomes outcomes, Exchanges exchanges, Latencies latencies, Figure.OfMember figure) {
        return switch (figure) {
            case Figure.Latency latency -> latency(latencies.of(latency.metric()), latency.statistic());
            case Figure.StepLatency step ->
                latency(latencies.byStep().getOrDefault(step.step(), LatencyStats.EMPTY), step.statistic());
            case Figure.Ended ended ->
                (double) (ended.outcome() == null ? outcomes.started() : outcomes.count(ended.outcome()));
            case Figure.Errors errors -> errors.rate() ? outcomes.errorRate() : outcomes.errors();
            case Figure.OfExchanges ofExchanges ->
                switch (ofExchanges.share()) {
                    case ANSWERED -> (double) exchanges.answered();
                    case UNEXPECTED -> (double) exchanges.unexpected();
                    case LOST -> (double) exchanges.lost();
                    case NOT_BEGUN -> (double) exchanges.notBegun();
                    case ERROR_RATE -> exchanges.errorRate();
                };
        };
    }

    private static @Nullable Double latency(LatencyStats stats, Statistic statistic) {
        if (statistic == Statistic.COUNT) {
            return (double) stats.count();
        }
        Double micros = stats.micros(statistic);
        return micros == null ? null : micros / MICROS_PER_SECOND;
    }

    /** Of a side that was seen to the end: a counter that had not moved when the observer went away may have moved later. */
    private static @Nullable Double kernel(SideFigures side, KernelFigure figure) {
        return switch (figure) {
            case KernelFigure.AcceptQueue queue -> queue(side.acceptQueue(), queue.length());
            case KernelFigure.TimeWait timeWait ->
                switch (timeWait.moment()) {
                    case PEAK -> (double) side.timeWait().peak();
                    case FINAL -> number(side.timeWait().last());
                };
            case KernelFigure.Sockets sockets ->
                switch (sockets.moment()) {
                    case PEAK ->
                        (double) side.peakStates().getOrDefault(sockets.state().name(), 0L);
                    case FINAL -> number(side.atEnd(sockets.state().name()));
                };
            case KernelFigure.Counter counter -> (double) side.counterNamed(counter.kernelName());
        };
    }

    private static @Nullable Double number(@Nullable Long figure) {
        return figure == null ? null : (double) figure;
    }

    private static @Nullable Double queue(KernelFigures.@Nullable AcceptQueue queue, Length length) {
        if (queue == null) {
            return null;
        }
        return switch (length) {
            case LIMIT -> (double) queue.limit();
            case PEAK -> (double) queue.peak();
            case P99 -> queue.p99();
        };
    }

    private static @Nullable Double ofRun(Summary summary, RunFigure figure) {
        Measured.Rates rates = summary.rates();
        Observed.Generator generator = summary.generator();
        return switch (figure) {
            case OFFERED -> rates.offered();
            case ATTEMPTED -> rates.attempted();
            case ACHIEVED -> rates.achieved();
            case EXCHANGES -> rates.exchanges();
            case CPU_SECONDS -> generator.cpuSeconds();
            case CPU_MICROS_PER_CONNECTION -> generator.cpuMicrosPerConnection();
            case EVENT_LOOP_BUSY -> generator.eventLoopBusy();
            case GC_PAUSES -> (double) generator.gcPauses().count();
            case GC_PAUSES_TOTAL_MILLIS -> generator.gcPauses().totalMillis();
            case GC_PAUSES_MAX_MILLIS -> generator.gcPauses().maxMillis();
            case ACTIONS_LOST -> sum(summary.actions(), done -> done.lost().all());
            case ACTIONS_DELAYED -> sum(summary.actions(), done -> done.lost().delayed());
            case HELD_AT_END -> held(summary.held(), Measured.Held::atEnd);
            case HELD_LOST -> held(summary.held(), Measured.Held::lost);
            case HELD_REOPENED -> held(summary.held(), Measured.Held::reopened);
            case EXCHANGES_PER_CPU_SECOND -> exchangesPerCpuSecond(clientCpu(summary), serverCpu(summary));
            case CPU_PER_EXCHANGE -> cpuPerExchange(clientCpu(summary), serverCpu(summary));
            case CLIENT_CPU_PER_EXCHANGE -> clientCpu(summary);
            case SERVER_CPU_PER_EXCHANGE -> serverCpu(summary);
            case CONNECT_TEARDOWN_SHARE -> connectTeardown(summary.latencies());
        };
    }

    /** An action that failed costs nothing, and shows nothing: no limit is met by it. */
    private static @Nullable Double sum(List<ActionReport> actions, ToLongFunction<ActionReport> count) {
        return actions.isEmpty() || actions.stream().anyMatch(ActionReport::failed)
                ? null
                : (double) actions.stream().mapToLong(count).sum();
    }

    private static @Nullable Double held(Measured.@Nullable Held held, ToLongFunction<Measured.Held> count) {
        return held == null ? null : (double) count.applyAsLong(held);
    }

    private static @Nullable Double cpuPerExchange(@Nullable Double client, @Nullable Double server) {
        double both = client == null || server == null ? 0 : client + server;
        return both == 0 ? null : both;
    }

    private static @Nullable Double exchangesPerCpuSecond(@Nullable Double client, @Nullable Double server) {
        Double both = cpuPerExchange(client, server);
        return both == null ? null : 1 / both;
    }

    /** By the exchanges of the recorded time; where nothing is said on a connection, the connection is the unit of work. */
    private static @Nullable Double clientCpu(Summary summary) {
        Measured.Rates rates = summary.rates();
        double perSecond = rates.exchanges() > 0 ? rates.exchanges() : rates.achieved();
        return perExchange(summary.generator().cpuSeconds(), perSecond * summary.durationSeconds());
    }

    /** The companion's CPU time is of its whole life, so it is divided by all that it served, warm-up included. */
    private static @Nullable Double serverCpu(Summary summary) {
        ServerProcess server = summary.server();
        if (server == null) {
            return null;
        }
        long exchanges = server.counts().getOrDefault("exchanges", 0L);
        return perExchange(
                server.cpuSeconds(), exchanges > 0 ? exchanges : server.counts().getOrDefault("accepted", 0L));
    }

    private static @Nullable Double perExchange(double cpuSeconds, double work) {
        return work <= 0 ? null : cpuSeconds / work;
    }

    /** A connection's time is that of its handshake and its lifetime, of which the teardown is a part. */
    private static @Nullable Double connectTeardown(Latencies latencies) {
        double connect = totalMicros(latencies.of(Metric.CONNECT));
        double all = connect + totalMicros(latencies.of(Metric.LIFETIME));
        return all == 0 ? null : Math.min(1, (connect + totalMicros(latencies.of(Metric.TEARDOWN))) / all);
    }

    private static double totalMicros(LatencyStats stats) {
        Double mean = stats.meanMicros();
        return mean == null ? 0 : mean * stats.count();
    }
}
