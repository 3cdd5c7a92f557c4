package io.tcplab.loadgen.run;

import io.tcplab.loadgen.connection.LoadLoop;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.IntervalReading;
import io.tcplab.loadgen.record.LatencyRecorder;
import io.tcplab.loadgen.record.LedgerReading;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.TargetMeasurement;
import io.tcplab.loadgen.record.TcpFigure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * Reads the loops' counts and latencies at each interval and adds them up. All harvesting happens on one thread of its own; results
 * may be asked for after {@link #end}.
 */
final class Harvest {

    private static final long INTERVAL_NANOS = 1_000_000_000L;
    private static final long LEAST_CONNECTS = 100;

    private final RouteCounts counts;
    private final LatencyTotals totals;
    private final List<LoadLoop> loops;
    private final long recordFromNanos;
    private final List<LatencyRecorder> emptied = new ArrayList<>();
    private final Consumer<IntervalReading> eachInterval;
    private final Consumer<Runnable> guard;
    private final List<Double> connectP50Micros = new ArrayList<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("sampler").daemon(true).factory());

    private final Collections collections = new Collections();
    private Map<String, LedgerReading> lastCounts = new LinkedHashMap<>();
    private long[] cpuBefore = new long[0];
    private long[] cpuAfter = new long[0];
    private long lastMillis;
    private long lastNanos;

    /** Whatever {@code guard} is given must not throw; {@code eachInterval} does not. */
    Harvest(
            Profile profile,
            List<LoadLoop> loops,
            long recordFromNanos,
            Consumer<IntervalReading> eachInterval,
            Consumer<Runnable> guard) {
        this.counts = new RouteCounts(profile, loops);
        this.totals = new LatencyTotals(profile, counts);
        this.loops = loops;
        this.recordFromNanos = recordFromNanos;
        this.eachInterval = eachInterval;
        this.guard = guard;
    }

    /** Does all of {@link #begin} that costs more the first time: threads, classes, the JVM's beans. Called in the warm-up. */
    void prepare() {
        readCpu();
        var _ = thread.submit(collections::begin);
    }

    /** Takes the first readings and begins; called when the part begins that it reads, or a little before. */
    void begin() {
        cpuBefore = readCpu();
        long aheadNanos = Math.max(0, recordFromNanos - System.nanoTime());
        lastMillis = System.currentTimeMillis() + TimeUnit.NANOSECONDS.toMillis(aheadNanos);
        lastNanos = System.nanoTime() + aheadNanos;
        var _ = thread.submit(collections::begin);
        var _ = thread.scheduleAtFixedRate(
                () -> guard.accept(this::sample), aheadNanos + INTERVAL_NANOS, INTERVAL_NANOS, TimeUnit.NANOSECONDS);
    }

    /** The recorded part is over: what loops work from now on does not count. */
    void recorded() {
        cpuAfter = readCpu();
    }

    private long[] readCpu() {
        return loops.stream().mapToLong(LoadLoop::cpuNanos).toArray();
    }

    /** Takes the last reading. */
    void end() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the sampler does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        guard.accept(this::sample);
    }

    private void sample() {
        // Not before the beginning: an interruption may have come before the first connection was due.
        long nowMillis = Math.max(lastMillis, System.currentTimeMillis());
        long nowNanos = Math.max(lastNanos, System.nanoTime());
        Map<String, LedgerReading> now = counts.read(false);
        Map<String, LedgerReading> difference = new LinkedHashMap<>();
        now.forEach((name, reading) ->
                difference.put(name, reading.minus(lastCounts.getOrDefault(name, LedgerReading.ZERO))));
        List<LatencyRecorder> filled = takeFilled();
        Map<String, Map<Metric, Histogram>> latencies = totals.add(filled);
        noteConnects(latencies);
        eachInterval.accept(new IntervalReading(
                lastMillis,
                nowMillis,
                (lastNanos - recordFromNanos) / 1e9,
                difference,
                latencies,
                totals.addSteps(filled),
                loops.stream().mapToInt(LoadLoop::inFlight).sum()));
        lastCounts = now;
        lastMillis = nowMillis;
        lastNanos = nowNanos;
        collections.sample();
    }

    private void noteConnects(Map<String, Map<Metric, Histogram>> latencies) {
        Histogram all = IntervalReading.together(latencies, Metric.CONNECT);
        if (all != null && all.getTotalCount() >= LEAST_CONNECTS) {
            connectP50Micros.add(all.getValueAtPercentile(50) / 1e3);
        }
    }

    /** Takes from each loop what it has filled, and keeps it to be emptied and given back the next time. */
    private List<LatencyRecorder> takeFilled() {
        List<LatencyRecorder> filled = new ArrayList<>(loops.size());
        for (int i = 0; i < loops.size(); i++) {
            LatencyRecorder empty = emptied.isEmpty() ? totals.newRecorder() : emptied.get(i);
            empty.reset();
            filled.add(loops.get(i).harvest(empty));
        }
        emptied.clear();
        emptied.addAll(filled);
        return filled;
    }

    Map<String, LedgerReading> counts() {
        return counts.read(false);
    }

    Map<String, LedgerReading> warmupCounts() {
        return counts.read(true);
    }

    /** Of all members, the warm-up's with the rest. */
    LedgerReading allCounts() {
        return Stream.of(counts(), warmupCounts())
                .flatMap(each -> each.values().stream())
                .reduce(LedgerReading.ZERO, LedgerReading::plus);
    }

    /** What was measured of each of several targets; empty where there are not several. */
    List<TargetMeasurement> targets() {
        return totals.targets();
    }

    /** The HTTP statuses received in the recorded part, by member name. */
    Map<String, SortedMap<Integer, Long>> statuses() {
        return counts.statuses();
    }

    Map<String, Map<Metric, Histogram>> latencies() {
        return totals.latencies();
    }

    Map<String, Map<String, Histogram>> steps() {
        return totals.steps();
    }

    List<Double> connectP50Micros() {
        return List.copyOf(connectP50Micros);
    }

    Map<TcpFigure, Histogram> tcp() {
        return totals.tcp();
    }

    Histogram rtts() {
        return totals.rtts();
    }

    double busiestLoop(long recordedNanos) {
        double busiest = 0;
        for (int i = 0; i < cpuBefore.length; i++) {
            busiest = Math.max(busiest, (cpuAfter[i] - cpuBefore[i]) / (double) recordedNanos);
        }
        return Math.min(1, busiest);
    }

    Collections collections() {
        return collections;
    }
}
