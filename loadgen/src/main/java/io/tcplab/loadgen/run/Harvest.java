package io.tcplab.loadgen.run;

import io.tcplab.loadgen.connection.LoadLoop;
import io.tcplab.loadgen.plan.MixMember;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.Route;
import io.tcplab.loadgen.record.IntervalReading;
import io.tcplab.loadgen.record.LatencyRecorder;
import io.tcplab.loadgen.record.LedgerReading;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.TargetMeasurement;
import io.tcplab.loadgen.record.TcpFigure;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Reads the loops' counts and latencies at each interval and adds them up. All harvesting happens on one thread of its own; results
 * may be asked for after {@link #end}.
 */
final class Harvest {

    private static final long INTERVAL_NANOS = 1_000_000_000L;
    private static final long LEAST_CONNECTS = 100;
    private static final Metric[] METRICS = Metric.values();

    private final List<MixMember> members;
    private final List<Route> routes;
    private final RouteCounts counts;

    /** By target; empty where there are not several. */
    private final List<Map<Metric, Histogram>> targetTotals = new ArrayList<>();

    private final List<String> stepNames;
    private final List<LoadLoop> loops;
    private final long recordFromNanos;
    private final List<LatencyRecorder> emptied = new ArrayList<>();
    private final Consumer<IntervalReading> eachInterval;
    private final Map<String, Map<Metric, Histogram>> totals = new LinkedHashMap<>();
    private final Map<String, Map<String, Histogram>> stepTotals = new LinkedHashMap<>();
    private final List<Double> connectP50Micros = new ArrayList<>();
    private final Histogram rtts = LatencyRecorder.newHistogram();
    private final Map<TcpFigure, Histogram> tcp = new EnumMap<>(TcpFigure.class);
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("sampler").daemon(true).factory());

    private final Collections collections = new Collections();
    private Map<String, LedgerReading> lastCounts = new LinkedHashMap<>();
    private long[] cpuBefore = new long[0];
    private long[] cpuAfter = new long[0];
    private long lastMillis;
    private long lastNanos;

    Harvest(Profile profile, List<LoadLoop> loops, long recordFromNanos, Consumer<IntervalReading> eachInterval) {
        this.members = profile.mix();
        this.routes = profile.routes();
        this.counts = new RouteCounts(profile, loops);
        this.stepNames = profile.stepNames();
        this.loops = loops;
        this.recordFromNanos = recordFromNanos;
        this.eachInterval = eachInterval;
        for (MixMember member : members) {
            totals.put(member.name(), new EnumMap<>(Metric.class));
        }
        if (profile.namesSeveralTargets()) {
            profile.askedTargets().forEach(_ -> targetTotals.add(new EnumMap<>(Metric.class)));
        }
    }

    /** Does all of {@link #begin} that costs more the first time: threads, classes, the JVM's beans. Called in the warm-up. */
    void prepare() {
        readCpu();
        var _ = thread.submit(collections::begin);
    }

    /** Takes the first readings and begins; called when the part begins that it reads. */
    void begin() {
        cpuBefore = readCpu();
        lastMillis = System.currentTimeMillis();
        lastNanos = System.nanoTime();
        var _ = thread.submit(collections::begin);
        var _ = thread.scheduleAtFixedRate(this::sample, INTERVAL_NANOS, INTERVAL_NANOS, TimeUnit.NANOSECONDS);
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
        sample();
    }

    private void sample() {
        long nowMillis = System.currentTimeMillis();
        long nowNanos = System.nanoTime();
        Map<String, LedgerReading> now = counts.read(false);
        Map<String, LedgerReading> difference = new LinkedHashMap<>();
        now.forEach((name, reading) ->
                difference.put(name, reading.minus(lastCounts.getOrDefault(name, LedgerReading.ZERO))));
        List<LatencyRecorder> filled = takeFilled();
        Map<String, Map<Metric, Histogram>> latencies = harvest(filled);
        noteConnects(latencies);
        eachInterval.accept(new IntervalReading(
                lastMillis,
                nowMillis,
                (lastNanos - recordFromNanos) / 1e9,
                difference,
                latencies,
                harvestSteps(filled),
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

    private Map<String, Map<String, Histogram>> harvestSteps(List<LatencyRecorder> filled) {
        Map<String, Map<String, Histogram>> all = new LinkedHashMap<>();
        for (int member = 0; member < members.size(); member++) {
            for (int step = 0; step < stepNames.size(); step++) {
                Histogram merged = null;
                for (int route : counts.routesOf(member)) {
                    int number = step;
                    merged = together(merged, merge(filled, recorder -> recorder.ofStep(route, number)));
                }
                if (merged != null) {
                    String name = members.get(member).name();
                    all.computeIfAbsent(name, _ -> new LinkedHashMap<>()).put(stepNames.get(step), merged);
                    stepTotals
                            .computeIfAbsent(name, _ -> new LinkedHashMap<>())
                            .computeIfAbsent(stepNames.get(step), _ -> LatencyRecorder.newHistogram())
                            .add(merged);
                }
            }
        }
        return all;
    }

    private Map<String, Map<Metric, Histogram>> harvest(List<LatencyRecorder> filled) {
        Map<String, Map<Metric, Histogram>> all = new LinkedHashMap<>();
        for (int member = 0; member < members.size(); member++) {
            Map<Metric, Histogram> ofMember = new EnumMap<>(Metric.class);
            for (Metric metric : METRICS) {
                Histogram merged = null;
                for (int route : counts.routesOf(member)) {
                    Histogram ofRoute = merge(filled, recorder -> recorder.of(route, metric));
                    addToTarget(routes.get(route).target(), metric, ofRoute);
                    merged = together(merged, ofRoute);
                }
                if (merged != null) {
                    ofMember.put(metric, merged);
                    totals.computeIfAbsent(members.get(member).name(), _ -> new EnumMap<>(Metric.class))
                            .computeIfAbsent(metric, _ -> LatencyRecorder.newHistogram())
                            .add(merged);
                }
            }
            all.put(members.get(member).name(), ofMember);
        }
        filled.forEach(one -> rtts.add(one.rtts()));
        filled.forEach(this::addTcp);
        return all;
    }

    private void addTcp(LatencyRecorder one) {
        for (TcpFigure figure : TcpFigure.values()) {
            Histogram more = one.ofTcp(figure);
            if (more != null) {
                tcp.computeIfAbsent(figure, _ -> LatencyRecorder.newHistogram()).add(more);
            }
        }
    }

    private void addToTarget(int target, Metric metric, @Nullable Histogram more) {
        if (more != null && !targetTotals.isEmpty()) {
            targetTotals
                    .get(target)
                    .computeIfAbsent(metric, _ -> LatencyRecorder.newHistogram())
                    .add(more);
        }
    }

    /** Adds {@code other} to {@code one}, where there is one. */
    private static @Nullable Histogram together(@Nullable Histogram one, @Nullable Histogram other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        one.add(other);
        return one;
    }

    /** Takes from each loop what it has filled, and keeps it to be emptied and given back the next time. */
    private List<LatencyRecorder> takeFilled() {
        List<LatencyRecorder> filled = new ArrayList<>(loops.size());
        for (int i = 0; i < loops.size(); i++) {
            LatencyRecorder empty =
                    emptied.isEmpty() ? new LatencyRecorder(routes.size(), stepNames.size()) : emptied.get(i);
            empty.reset();
            filled.add(loops.get(i).harvest(empty));
        }
        emptied.clear();
        emptied.addAll(filled);
        return filled;
    }

    private static @Nullable Histogram merge(
            List<LatencyRecorder> filled, Function<LatencyRecorder, @Nullable Histogram> part) {
        Histogram merged = null;
        for (LatencyRecorder recorder : filled) {
            merged = together(merged, part.apply(recorder));
        }
        return merged;
    }

    Map<String, LedgerReading> counts() {
        return counts.read(false);
    }

    Map<String, LedgerReading> warmupCounts() {
        return counts.read(true);
    }

    /** What was measured of each of several targets; empty where there are not several. */
    List<TargetMeasurement> targets() {
        return IntStream.range(0, targetTotals.size())
                .mapToObj(target -> new TargetMeasurement(
                        counts.ofTarget(target), targetTotals.get(target), counts.statusesOfTarget(target)))
                .toList();
    }

    /** The HTTP statuses received in the recorded part, by member name. */
    Map<String, SortedMap<Integer, Long>> statuses() {
        return counts.statuses();
    }

    Map<String, Map<Metric, Histogram>> latencies() {
        return totals;
    }

    Map<String, Map<String, Histogram>> steps() {
        return stepTotals;
    }

    List<Double> connectP50Micros() {
        return List.copyOf(connectP50Micros);
    }

    Map<TcpFigure, Histogram> tcp() {
        return tcp;
    }

    Histogram rtts() {
        return rtts;
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
