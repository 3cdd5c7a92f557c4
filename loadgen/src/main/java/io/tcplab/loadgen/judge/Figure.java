package io.tcplab.loadgen.judge;

import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.result.CounterNames;
import io.tcplab.loadgen.result.Latencies;
import io.tcplab.loadgen.result.LatencyStats;
import io.tcplab.loadgen.result.Outcomes;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.watch.KernelFigures;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds a figure of a summary by its dotted name, in the base unit of thresholds: seconds for latencies, a fraction for rates of errors,
 * otherwise as in {@code summary.json}. The names are listed in docs/results.md.
 */
final class Figure {

    private static final Set<String> STATES = Set.of(
            "ESTABLISHED",
            "SYN_SENT",
            "SYN_RECV",
            "FIN_WAIT1",
            "FIN_WAIT2",
            "TIME_WAIT",
            "CLOSE",
            "CLOSE_WAIT",
            "LAST_ACK",
            "LISTEN",
            "CLOSING");
    private static final double MICROS_PER_SECOND = 1e6;

    private Figure() {}

    /** The figure, or null when there is none of that name or it has no samples. */
    static @Nullable Double find(Summary summary, String name) {
        int dot = name.indexOf('.');
        if (dot < 0) {
            return null;
        }
        String group = name.substring(0, dot);
        String rest = name.substring(dot + 1);
        return switch (group) {
            case "rates" -> rate(summary.rates(), rest);
            case "client" -> kernel(summary.kernel().client(), rest);
            case "server" -> kernel(summary.kernel().server(), rest);
            case "generator" -> generator(summary.generator(), rest);
            default -> {
                Double ofAll = measured(summary.outcomes(), summary.latencies(), group, rest);
                yield ofAll == null ? ofMix(summary, group, rest) : ofAll;
            }
        };
    }

    private static @Nullable Double ofMix(Summary summary, String mixName, String name) {
        int dot = name.indexOf('.');
        for (Summary.Mix mix : summary.mixes()) {
            if (mix.name().equals(mixName) && dot > 0) {
                return measured(mix.outcomes(), mix.latencies(), name.substring(0, dot), name.substring(dot + 1));
            }
        }
        return null;
    }

    private static @Nullable Double measured(Outcomes outcomes, Latencies latencies, String group, String name) {
        return switch (group) {
            case "outcomes" -> outcome(outcomes, name);
            case "errors" ->
                switch (name) {
                    case "rate" -> outcomes.errorRate();
                    case "count" -> (double) outcomes.errors();
                    default -> null;
                };
            default -> latency(latencies, group, name);
        };
    }

    private static @Nullable Double outcome(Outcomes outcomes, String name) {
        if (name.equals("started")) {
            return (double) outcomes.started();
        }
        for (ConnectionOutcome outcome : ConnectionOutcome.values()) {
            if (outcome.key().equals(name)) {
                return (double) outcomes.count(outcome);
            }
        }
        return null;
    }

    private static @Nullable Double latency(Latencies latencies, String metricKey, String stat) {
        for (Metric metric : Metric.values()) {
            if (metric.key().equals(metricKey)) {
                return stat(latencies.of(metric), stat);
            }
        }
        return null;
    }

    private static @Nullable Double stat(LatencyStats stats, String stat) {
        if (stat.equals("count")) {
            return (double) stats.count();
        }
        Double micros = switch (stat) {
            case "min" -> stats.minMicros();
            case "p50" -> stats.p50Micros();
            case "p90" -> stats.p90Micros();
            case "p99" -> stats.p99Micros();
            case "p999" -> stats.p999Micros();
            case "max" -> stats.maxMicros();
            case "mean" -> stats.meanMicros();
            default -> null;
        };
        return micros == null ? null : micros / MICROS_PER_SECOND;
    }

    private static @Nullable Double rate(Summary.Rates rates, String name) {
        return switch (name) {
            case "offered" -> rates.offered();
            case "attempted" -> rates.attempted();
            case "achieved" -> rates.achieved();
            case "exchanges" -> rates.exchanges();
            default -> null;
        };
    }

    private static @Nullable Double generator(Summary.Generator generator, String name) {
        return switch (name) {
            case "cpuSeconds" -> generator.cpuSeconds();
            case "cpuMicrosPerConnection" -> generator.cpuMicrosPerConnection();
            case "eventLoopBusy" -> generator.eventLoopBusy();
            case "gcPauses", "gcPauses.count" -> (double) generator.gcPauses().count();
            case "gcPauses.totalMillis" -> generator.gcPauses().totalMillis();
            case "gcPauses.maxMillis" -> generator.gcPauses().maxMillis();
            default -> null;
        };
    }

    /** What was seen of a part of the run is no figure of the run: a counter that has not moved until then may have moved later. */
    private static @Nullable Double kernel(KernelFigures.@Nullable SideFigures side, String name) {
        if (side == null || side.isPartial()) {
            return null;
        }
        KernelFigures.AcceptQueue queue = side.acceptQueue();
        return switch (name) {
            case "acceptQueuePeak", "acceptQueue.peak" -> queue == null ? null : (double) queue.peak();
            case "acceptQueueLimit", "acceptQueue.limit" -> queue == null ? null : (double) queue.limit();
            case "acceptQueueP99", "acceptQueue.p99" -> queue == null ? null : queue.p99();
            case "timeWaitPeak", "timeWait.peak" -> (double) side.timeWait().peak();
            case "timeWaitFinal", "timeWait.final" -> number(side.timeWait().last());
            default -> stateOrCounter(side, name);
        };
    }

    private static @Nullable Double number(@Nullable Long figure) {
        return figure == null ? null : (double) figure;
    }

    private static @Nullable Double stateOrCounter(KernelFigures.SideFigures side, String name) {
        if (name.startsWith("peakStates.")) {
            return state(side.peakStates(), name.substring("peakStates.".length()));
        }
        if (name.startsWith("finalStates.")) {
            return STATES.contains(name.substring("finalStates.".length()))
                    ? number(side.atEnd(name.substring("finalStates.".length())))
                    : null;
        }
        String counter = name.startsWith("counters.") ? name.substring("counters.".length()) : name;
        return CounterNames.fullName(counter)
                .map(full -> (double) side.counterNamed(full))
                .orElseGet(() -> movedCounter(side.counters(), counter));
    }

    private static @Nullable Double state(Map<String, Long> states, String name) {
        return STATES.contains(name) ? (double) states.getOrDefault(name, 0L) : null;
    }

    /** A counter that is not described here but did move on this kernel. */
    private static @Nullable Double movedCounter(Map<String, Long> counters, String name) {
        for (Map.Entry<String, Long> counter : counters.entrySet()) {
            if (CounterNames.isKernelWord(name, counter.getKey())) {
                return (double) counter.getValue();
            }
        }
        return null;
    }
}
