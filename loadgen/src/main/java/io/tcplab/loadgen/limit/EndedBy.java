package io.tcplab.loadgen.limit;

import io.tcplab.kernel.cable.DropReason;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.result.NetworkFigures;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.Verdict;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.PortBudget;
import io.tcplab.loadgen.watch.ServerProcess;
import io.tcplab.loadgen.watch.SideFigures;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What ended a search, by the evidence of the tries that did not hold just above the limit.
 *
 * @param what it was
 * @param evidence that shows it, in a sentence
 */
record EndedBy(What what, String evidence) {

    /** How much of a CPU a process must use to be called busy with it. */
    private static final double BUSY = 0.85;

    /** Half of all starts so late are no hiccup. */
    private static final double LATE_MICROS = 5_000;

    private static final String PORTS_EXHAUSTED = "localPortsExhausted";

    /** A queue in which a connection waits at least so long is not kept short by its server. */
    private static final double WAITED_SECONDS = 0.02;

    /** Fewer than these wait behind any server now and then. */
    private static final long FEWEST_WAITING = 10;

    /** What a load can be ended by, with its name in JSON. */
    enum What {
        PORTS("ports"),
        CLIENT_DESCRIPTORS("clientDescriptors"),
        SERVER_DESCRIPTORS("serverDescriptors"),
        SERVER_ENDED("serverEnded"),
        ACCEPT_QUEUE("acceptQueue"),
        SYN_QUEUE("synQueue"),
        SERVER_CPU("serverCpu"),
        GENERATOR("generator"),
        NETWORK("network"),
        NOT_OBSERVED("notObserved"),
        NOTHING("nothing");

        private final String key;

        What(String key) {
            this.key = key;
        }

        String key() {
            return key;
        }
    }

    /**
     * The cause that most of these tries show, the first of {@link What} where several are as frequent; the evidence is that of the first
     * such try.
     */
    static EndedBy of(List<LimitTry> failed) {
        if (failed.isEmpty()) {
            return new EndedBy(What.NOTHING, "no try failed");
        }
        List<EndedBy> found = failed.stream()
                .map(each -> each.spoilt() ? spoilt(each.result()) : of(each.result()))
                .toList();
        // One try of several that shows a cause says more than those that show none.
        List<EndedBy> seen =
                found.stream().filter(each -> each.what != What.NOT_OBSERVED).toList();
        List<EndedBy> told = seen.isEmpty() ? found : seen;
        return told.stream()
                .min(Comparator.comparingLong((EndedBy each) -> -count(told, each.what))
                        .thenComparing(EndedBy::what))
                .orElseThrow();
    }

    private static long count(List<EndedBy> all, What what) {
        return all.stream().filter(each -> each.what == what).count();
    }

    /** A load that would have held shows nothing of the target's: whatever was full, the figures are not to be trusted. */
    private static EndedBy spoilt(Summary result) {
        return new EndedBy(
                What.GENERATOR,
                result.warnings().stream()
                        .filter(Verdict.Warning::invalidates)
                        .findFirst()
                        .map(each -> "the result of a load that would have held is not valid: " + each.message())
                        .orElse("the result of a load that would have held is not valid"));
    }

    private static EndedBy of(Summary result) {
        return Stream.of(
                        portsExhausted(result),
                        ended(result, ConnectionOutcome.NO_LOCAL_PORT, What.PORTS),
                        ended(result, ConnectionOutcome.NO_DESCRIPTOR, What.CLIENT_DESCRIPTORS),
                        warned(result, "serverOutOfDescriptors", What.SERVER_DESCRIPTORS),
                        warned(result, "serverEnded", What.SERVER_ENDED),
                        // One that catches up after a pause starts a burst, which may fill any queue.
                        warned(result, "generatorSaturated", What.GENERATOR),
                        warned(result, "acceptQueueOverflowed", What.ACCEPT_QUEUE),
                        warned(result, "generatorStopped", What.GENERATOR),
                        generatorLate(result),
                        waits(result),
                        networkFull(result),
                        warned(result, "synQueueDrops", What.SYN_QUEUE),
                        warned(result, "synCookiesSent", What.SYN_QUEUE),
                        serverBusy(result),
                        generatorBusy(result),
                        // The cable is ours, as the generator is.
                        warned(result, "lateCable", What.GENERATOR),
                        warned(result, "synRetryClusters", What.NETWORK),
                        // Our kernel's search for a free port, which more sources would shorten.
                        warned(result, "portSearchCliff", What.GENERATOR))
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(new EndedBy(
                        What.NOT_OBSERVED, "no queue, CPU, port or descriptor that was observed was at its limit"));
    }

    /** A try that is shorter than TIME_WAIT uses each port once, however few connections a second that sustains. */
    private static Optional<EndedBy> portsExhausted(Summary result) {
        Optional<EndedBy> found = warned(result, PORTS_EXHAUSTED, What.PORTS);
        return closes(result) && result.durationSeconds() < PortBudget.TIME_WAIT_SECONDS
                ? found.map(each -> new EndedBy(
                        each.what,
                        each.evidence + "; a try of " + InWords.rate(result.durationSeconds())
                                + " s ends before a port comes back, so what is sustained is that, not what held here:"
                                + " see it with --duration 2m"))
                : found;
    }

    /** Whether ports were taken by closed connections; where open ones take them there are none to wait for. */
    private static boolean closes(Summary result) {
        return result.warnings().stream()
                .filter(each -> each.code().equals(PORTS_EXHAUSTED))
                .map(Verdict.Warning::evidence)
                .noneMatch(figures -> Boolean.TRUE.equals(figures.get("open"))
                        || (figures.get("held") instanceof Number held
                                && figures.get("ports") instanceof Number ports
                                && figures.get("sources") instanceof Number sources
                                && held.longValue() > ports.longValue() * sources.longValue()));
    }

    private static Optional<EndedBy> warned(Summary result, String code, What what) {
        return result.warnings().stream()
                .filter(each -> each.code().equals(code))
                .findFirst()
                .map(each -> new EndedBy(what, each.message()));
    }

    private static Optional<EndedBy> ended(Summary result, ConnectionOutcome outcome, What what) {
        long count = result.outcomes().count(outcome);
        return count == 0
                ? Optional.empty()
                : Optional.of(new EndedBy(what, InWords.count(count) + " connections: " + outcome.sentence()));
    }

    private static Optional<EndedBy> waits(Summary result) {
        SideFigures server = result.kernel().server();
        KernelFigures.AcceptQueue queue = server == null ? null : server.acceptQueue();
        double achieved = result.rates().achieved();
        if (queue == null
                || achieved <= 0
                || queue.peak() < FEWEST_WAITING
                || queue.peak() / achieved < WAITED_SECONDS) {
            return Optional.empty();
        }
        return Optional.of(new EndedBy(
                What.ACCEPT_QUEUE,
                String.format(
                        Locale.ROOT,
                        "the server did not accept fast enough: up to %,d connections waited in its accept queue (limit %,d)"
                                + " while it took %,.0f a second%s",
                        queue.peak(),
                        queue.limit(),
                        achieved,
                        serverBusy(result).map(busy -> "; " + busy.evidence).orElse(""))));
    }

    /** A link with a rate drops what its queue does not hold, whatever client and server could do. */
    private static Optional<EndedBy> networkFull(Summary result) {
        NetworkFigures network = result.network();
        long dropped = network == null ? 0 : network.dropped().by(DropReason.QUEUE);
        return network == null || dropped == 0
                ? Optional.empty()
                : Optional.of(new EndedBy(
                        What.NETWORK,
                        String.format(
                                Locale.ROOT,
                                "the network of the profile was full: its queue dropped %,d of %,d packets, at up to %,.1f Mbit/s",
                                dropped,
                                network.achieved().packets(),
                                network.achieved().rate() / 1e6)));
    }

    private static Optional<EndedBy> serverBusy(Summary result) {
        ServerProcess server = result.server();
        double share = server == null ? 0 : server.cpuSeconds() / Math.max(0.001, result.durationSeconds());
        return share < BUSY
                ? Optional.empty()
                : Optional.of(new EndedBy(
                        What.SERVER_CPU, String.format(Locale.ROOT, "the server used %.0f %% of a CPU", share * 100)));
    }

    /**
     * An open loop starts by the clock: where half of its connections start late it lacks CPU time, whatever else is short. Near the limit
     * that lateness is still small. A server that uses a CPU whole may have taken the time from it.
     */
    private static Optional<EndedBy> generatorLate(Summary result) {
        Double late = result.rates().offered() == null
                ? null
                : result.latencies().of(Metric.START_DELAY).p50Micros();
        return late == null || late < LATE_MICROS || serverBusy(result).isPresent()
                ? Optional.empty()
                : Optional.of(new EndedBy(
                        What.GENERATOR,
                        "the generator lacked CPU time: it started half of its connections " + InWords.micros(late)
                                + " and more after they were due"));
    }

    private static Optional<EndedBy> generatorBusy(Summary result) {
        double busy = result.generator().eventLoopBusy();
        return busy < BUSY
                ? Optional.empty()
                : Optional.of(new EndedBy(
                        What.GENERATOR,
                        String.format(
                                Locale.ROOT,
                                "the generator's busiest event loop worked %.0f %% of the time",
                                busy * 100)));
    }
}
