package io.tcplab.loadgen.result;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.observe.LimitSetBy;
import io.tcplab.loadgen.judge.warning.AcceptQueueOverflowed;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.Spread;
import io.tcplab.loadgen.record.TcpFigure;
import io.tcplab.loadgen.watch.ClockOffset;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.Leftovers;
import io.tcplab.loadgen.watch.ServerProcess;
import io.tcplab.loadgen.watch.SideFigures;
import io.tcplab.loadgen.watch.SideSettings;
import io.tcplab.loadgen.watch.TimelineRow;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** Hand-made results for the tests of this package. */
public final class Examples {

    static final Instant STARTED_AT = Instant.parse("2026-11-21T07:30:00Z");

    static final String PROFILE = """
            name: short-vs-keepalive
            duration: 10s
            load: {open: {rate: 5000/s}}
            mix: [{name: short, weight: 80}, {name: keepalive, weight: 20, exchanges: 100}]
            thresholds: ["connect.p99 < 5ms", "outcomes.refused == 24"]
            """;

    private Examples() {}

    public static Summary summary() {
        return with(new KernelFigures(clientSide(), serverSide()));
    }

    /** The same with other figures of the kernel. */
    public static Summary with(KernelFigures kernel) {
        Outcomes shorts = outcomes(40_000, Map.of(ConnectionOutcome.REFUSED, 12L, ConnectionOutcome.OPEN_AT_END, 3L));
        Outcomes keepalives =
                outcomes(10_000, Map.of(ConnectionOutcome.RESET, 5L, ConnectionOutcome.NO_LOCAL_PORT, 7L));
        Verdict verdict = new Verdict(
                true,
                List.of(new AcceptQueueOverflowed(40, true, 17, 16, LimitSetBy.LISTEN, "").inWords()),
                List.of(
                        new Verdict.ThresholdResult("connect.p99 < 5ms", 0.000205, true),
                        new Verdict.ThresholdResult("errors.rate < 0.01%", 0.00048, false)));
        Measured measured = new Measured(
                new Measured.Rates(5000.0, 5000.1, 4997.3, 103_999.7),
                shorts.plus(keepalives),
                new Exchanges(1_039_985, 0, 5, 0),
                List.of(
                        new Measured.Cause("connect: ECONNREFUSED", 12, 3.2, 3.9),
                        new Measured.Cause("read: ECONNRESET", 5, 0.4, 9.1),
                        new Measured.Cause("connect: EADDRNOTAVAIL", 7, 8.8, 8.9)),
                List.of(
                        new Measured.Mix("short", shorts, new Exchanges(39_985, 0, 0, 0), latencies(1, 40_000), null),
                        new Measured.Mix(
                                "keepalive",
                                keepalives,
                                new Exchanges(1_000_000, 0, 5, 0),
                                latencies(2, 10_000),
                                null)),
                List.of(),
                latencies(3, 50_000),
                null,
                null,
                null,
                null);
        Observed observed = new Observed(
                kernel,
                List.of(
                        Reconciled.of(Reconciled.Check.CONNECTS, 50_000, 50_000),
                        Reconciled.of(Reconciled.Check.ACCEPTED, 49_981, 49_981)),
                new Observed.Generator(4.211, 84.22, 0.431, new Observed.GcPauses(3, 4.5, 2.25)),
                new ServerProcess(3.9, ordered("accepted", 49_981, "exchanges", 1_040_000)),
                new Observed.Warmup(10_000, outcomes(10_000, Map.of())),
                new ClockOffset(-12.5, 40.25),
                new Leftovers(1_200, 300, 0.0106, 1.25, 2));
        return new Summary(
                Head.of(
                        "short-vs-keepalive",
                        new Head.Target("web.example:80", "127.0.0.1:80", List.of("127.0.0.1:80", "[::1]:80")),
                        STARTED_AT,
                        10.0,
                        23),
                verdict,
                measured,
                observed,
                false);
    }

    /** The same with evidence of its causes, statuses, listeners, an observer that went away, and an early end. */
    static Summary unusual() {
        Summary summary = summary();
        Spread spread = new Spread(1.5, 0.25, 12.125);
        SideFigures server = serverSide();
        Measured measured = new Measured(
                summary.rates(),
                summary.outcomes(),
                new Exchanges(100, 1, 5, 10),
                List.of(new Measured.Cause(
                        "read: ECONNRESET", 5, 0.4, 9.1, "exchange", spread, spread, spread, spread, spread, spread)),
                summary.mixes(),
                List.of(target()),
                summary.latencies(),
                new Measured.Http(new TreeMap<>(Map.of("200", 99L, "503", 1L))),
                null,
                tcpInfo(),
                new Measured.Held(12, 7, 5, 0));
        KernelFigures kernel = new KernelFigures(
                null,
                new SideFigures(
                        server.counters(),
                        server.peakStates(),
                        null,
                        new KernelFigures.AcceptQueue(16, 17, 14, "somaxconn", new KernelFigures.Stretch(2.25, 5.5)),
                        List.of(),
                        new KernelFigures.TimeWait(3, null),
                        null,
                        2.5));
        Observed observed = new Observed(
                kernel, summary.reconciliation(), summary.generator(), null, Observed.Warmup.NONE, null, null);
        return new Summary(summary.head(), Verdict.OPEN, measured, observed, true);
    }

    private static TcpInfoFigures tcpInfo() {
        Map<TcpFigure, Histogram> recorded = new EnumMap<>(TcpFigure.class);
        for (TcpFigure figure : TcpFigure.values()) {
            recorded.put(figure, histogram(figure.ordinal(), 100));
        }
        return Objects.requireNonNull(TcpInfoFigures.of(64, recorded));
    }

    private static TargetFigures target() {
        return new TargetFigures(
                "[::1]:80",
                "[::1]:80",
                List.of("[::1]:80"),
                0.25,
                outcomes(100, Map.of()),
                new Exchanges(100, 1, 0, 0),
                Latencies.NONE,
                new Measured.Http(new TreeMap<>(Map.of("200", 99L, "503", 1L))),
                new TargetFigures.Kernel(new KernelFigures.AcceptQueue(16, 17, 14), List.of()));
    }

    /** {@code started} connections; all that {@code others} does not name are completed. */
    static Outcomes outcomes(long started, Map<ConnectionOutcome, Long> others) {
        Map<ConnectionOutcome, Long> counts = new EnumMap<>(ConnectionOutcome.class);
        counts.putAll(others);
        long rest = others.values().stream().mapToLong(Long::longValue).sum();
        counts.put(ConnectionOutcome.COMPLETED, started - rest);
        return new Outcomes(started, counts);
    }

    /** Reproducible latencies for every metric but closeCall, which stays empty. */
    public static Latencies latencies(long seed, int samples) {
        Map<Metric, LatencyStats> byMetric = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            if (metric != Metric.CLOSE_CALL) {
                byMetric.put(
                        metric,
                        LatencyStats.of(histogram(seed * 31 + metric.key().hashCode(), samples)));
            }
        }
        return new Latencies(byMetric);
    }

    /** Nanoseconds around 14 µs with a long tail. */
    public static Histogram histogram(long seed, int samples) {
        SplittableRandom random = new SplittableRandom(seed);
        Histogram nanos = new Histogram(3);
        for (int i = 0; i < samples; i++) {
            double tail = Math.pow(1 - random.nextDouble(), -0.6);
            nanos.recordValue(Math.round(8_000 + 5_000 * tail));
        }
        return nanos;
    }

    static SideFigures clientSide() {
        return new SideFigures(
                ordered("Tcp.ActiveOpens", 50_000, "Tcp.OutRsts", 5, "TcpExt.TW", 39_985),
                ordered("ESTABLISHED", 204, "FIN_WAIT2", 11, "TIME_WAIT", 28_100),
                ordered("TIME_WAIT", 28_100),
                null,
                new KernelFigures.TimeWait(28_100, 28_100L),
                9000);
    }

    public static SideFigures serverSide() {
        return new SideFigures(
                ordered("Tcp.PassiveOpens", 49_981, "TcpExt.ListenOverflows", 40, "TcpExt.ListenDrops", 40),
                ordered("LISTEN", 1, "ESTABLISHED", 203, "CLOSE_WAIT", 9, "SYN_RECV", 2),
                ordered("LISTEN", 1),
                new KernelFigures.AcceptQueue(16, 17, 14),
                new KernelFigures.TimeWait(3, 0L),
                9000);
    }

    static Map<String, Long> ordered(Object... keysAndCounts) {
        Map<String, Long> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndCounts.length; i += 2) {
            map.put((String) keysAndCounts[i], ((Number) keysAndCounts[i + 1]).longValue());
        }
        return map;
    }

    /** A run of one kind of connection with these latencies and nothing amiss. */
    public static Summary summaryWith(Latencies latencies) {
        Outcomes outcomes = outcomes(500, Map.of());
        return new Summary(
                Head.of("short", null, STARTED_AT, 2.5, 23),
                Verdict.OPEN,
                new Measured(
                        new Measured.Rates(null, 200, 200, 200),
                        outcomes,
                        Exchanges.NONE,
                        List.of(),
                        List.of(new Measured.Mix("short", outcomes, Exchanges.NONE, latencies, null)),
                        List.of(),
                        latencies,
                        null,
                        null,
                        null,
                        null),
                new Observed(
                        KernelFigures.NOT_OBSERVED,
                        List.of(),
                        new Observed.Generator(0.1, 200.0, 0.05, Observed.GcPauses.NONE),
                        null,
                        Observed.Warmup.NONE,
                        null,
                        null),
                false);
    }

    /** The example with this warning, which makes it not valid. */
    public static Summary invalid(Verdict.Warning found) {
        Summary summary = summary();
        return summary.with(summary.verdict().withWarnings(false, List.of(found)));
    }

    /** Where the example took place, in a namespace of this inode. */
    public static Environment environment(long namespace) {
        Map<String, String> sysctls = new LinkedHashMap<>();
        sysctls.put("net.ipv4.tcp_tw_reuse", "2");
        sysctls.put("net.core.somaxconn", "4096");
        SideSettings client = new SideSettings(
                "example-boot", namespace, Map.of("address", "127.0.0.1"), sysctls, Map.of("openFiles", "20000"));
        SideSettings server = new SideSettings("example-boot", 4026531840L, Map.of(), sysctls, Map.of());
        return new Environment(
                "0.1.0",
                "Linux 6.18.44",
                "Example CPU @ 3.00GHz",
                2,
                "25.0.1+8 (Example)",
                "4.2.18.Final",
                "epoll",
                null,
                null,
                "none",
                client,
                server,
                List.of());
    }

    /** Rows of both sides for so many seconds. */
    static void writeTimeline(ResultsDirectory directory, int seconds) throws IOException {
        SplittableRandom random = new SplittableRandom(23);
        try (StreamedFile file = directory.stream(ResultsDirectory.TIMELINE)) {
            TimelineWriter writer = new TimelineWriter(file.stream());
            for (int i = 0; i < seconds; i++) {
                long started = 4_900L + random.nextInt(200);
                Map<Metric, TimelineRow.Percentiles> percentiles = new EnumMap<>(Metric.class);
                latencies(i, 2_000).byMetric().forEach((metric, stats) -> {
                    Double p50 = stats.p50Micros();
                    Double p99 = stats.p99Micros();
                    if (p50 != null && p99 != null) {
                        percentiles.put(metric, new TimelineRow.Percentiles(p50, p99));
                    }
                });
                writer.append(new TimelineRow(
                        i,
                        Side.CLIENT,
                        new TimelineRow.Load(
                                started, started - 3, i == 3 ? 12 : 0, 200 + random.nextInt(9), 10_400, 0, percentiles),
                        new TimelineRow.Kernel(
                                null,
                                null,
                                Map.of("ESTABLISHED", 200L, "TIME_WAIT", 2_810L * i),
                                Map.of("Tcp.ActiveOpens", started),
                                48)));
                writer.append(new TimelineRow(
                        i,
                        Side.SERVER,
                        null,
                        new TimelineRow.Kernel(
                                (long) random.nextInt(18),
                                16L,
                                Map.of("ESTABLISHED", 198L, "CLOSE_WAIT", (long) random.nextInt(9), "LISTEN", 1L),
                                Map.of("Tcp.PassiveOpens", started, "TcpExt.ListenOverflows", (long) random.nextInt(6)),
                                61)));
            }
        }
    }

    /** A whole results directory under {@code root}, its timeline so many seconds long. */
    public static Path writeRun(Path root, int seconds) throws IOException {
        return writeRun(root, seconds, 1, environment(4026531840L));
    }

    /** The same with latencies from {@code seed}. */
    public static Path writeRun(Path root, int seconds, long seed, Environment environment) throws IOException {
        ResultsDirectory directory = ResultsDirectory.create(root, STARTED_AT, "short-vs-keepalive");
        directory.write(ResultsDirectory.PROFILE, PROFILE);
        directory.write(ResultsDirectory.ENVIRONMENT, environment.toJson());
        writeLatencies(directory, seed);
        writeTimeline(directory, seconds);
        directory.write(ResultsDirectory.SUMMARY, JsonText.of(summary()));
        return directory.path();
    }

    /** Latencies of both members, over one interval. */
    static void writeLatencies(ResultsDirectory directory, long seed) throws IOException {
        long begin = STARTED_AT.toEpochMilli();
        try (StreamedFile file = directory.stream(ResultsDirectory.LATENCIES)) {
            HlogWriter writer = new HlogWriter(file.stream(), begin);
            for (Metric metric : Metric.values()) {
                if (metric != Metric.CLOSE_CALL) {
                    long own = seed * 31 + metric.key().hashCode();
                    writer.append(HlogWriter.tag("short", metric), histogram(own, 40_000), begin, begin + 10_000);
                    writer.append(
                            HlogWriter.tag("keepalive", metric), histogram(own + 1, 9_000), begin, begin + 10_000);
                }
            }
        }
    }
}
