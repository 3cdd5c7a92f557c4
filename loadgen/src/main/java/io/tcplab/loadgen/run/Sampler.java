package io.tcplab.loadgen.run;

import io.tcplab.loadgen.connection.LoadLoop;
import io.tcplab.loadgen.plan.MixMember;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.IntervalReading;
import io.tcplab.loadgen.record.LatencyRecorder;
import io.tcplab.loadgen.record.LedgerReading;
import io.tcplab.loadgen.record.Metric;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Reads the loops' counts and latencies at each interval and adds them up. All harvesting happens on one thread of its own; results
 * may be asked for after {@link #end}.
 *
 * <p>One reads the recorded part. Another, whose results nobody asks for, reads the warm-up: a harvest turns branches in the hot
 * path that were never taken before, and the compiler throws that path away. It is to do so before anything counts.
 */
final class Sampler {

    private static final long INTERVAL_NANOS = 1_000_000_000L;
    private static final long WARMUP_INTERVAL_NANOS = 100_000_000L;
    private static final long LEAST_CONNECTS = 100;
    private static final Metric[] METRICS = Metric.values();

    private final List<MixMember> members;
    private final List<LoadLoop> loops;
    private final long recordFromNanos;
    private final boolean warmup;
    private final Consumer<IntervalReading> eachInterval;
    private final Map<String, Map<Metric, Histogram>> totals = new LinkedHashMap<>();
    private final List<Double> connectP50Micros = new ArrayList<>();
    private final Histogram rtts = LatencyRecorder.newHistogram();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("sampler").daemon(true).factory());

    private Map<String, LedgerReading> lastCounts = new LinkedHashMap<>();
    private long[] cpuBefore = new long[0];
    private long[] cpuAfter = new long[0];
    private long lastMillis;
    private long lastNanos;
    private long gcCountBefore;
    private long gcMillisBefore;
    private long lastGcCount;
    private long lastGcMillis;
    private double gcMaxMillis;

    Sampler(Profile profile, List<LoadLoop> loops, long recordFromNanos, Consumer<IntervalReading> eachInterval) {
        this(profile, loops, recordFromNanos, false, eachInterval);
    }

    private Sampler(
            Profile profile,
            List<LoadLoop> loops,
            long recordFromNanos,
            boolean warmup,
            Consumer<IntervalReading> eachInterval) {
        this.warmup = warmup;
        this.members = profile.mix();
        this.loops = loops;
        this.recordFromNanos = recordFromNanos;
        this.eachInterval = eachInterval;
        for (MixMember member : members) {
            totals.put(member.name(), new EnumMap<>(Metric.class));
        }
    }

    /** Returns one for the warm-up that ends at {@code recordFromNanos}. */
    static Sampler ofWarmup(Profile profile, List<LoadLoop> loops, long recordFromNanos) {
        return new Sampler(profile, loops, recordFromNanos, true, _ -> {});
    }

    /** Takes the first readings and begins; called when the part begins that it reads. */
    void begin() {
        long interval = warmup ? WARMUP_INTERVAL_NANOS : INTERVAL_NANOS;
        cpuBefore = loops.stream().mapToLong(LoadLoop::cpuNanos).toArray();
        lastMillis = System.currentTimeMillis();
        lastNanos = System.nanoTime();
        var _ = thread.submit(this::beginGc);
        var _ = thread.scheduleAtFixedRate(this::sample, interval, interval, TimeUnit.NANOSECONDS);
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
        cpuAfter = loops.stream().mapToLong(LoadLoop::cpuNanos).toArray();
        sample();
    }

    private void beginGc() {
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            gcCountBefore += collector.getCollectionCount();
            gcMillisBefore += collector.getCollectionTime();
        }
        lastGcCount = gcCountBefore;
        lastGcMillis = gcMillisBefore;
    }

    private void sampleGc() {
        long count = 0;
        long millis = 0;
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            count += collector.getCollectionCount();
            millis += collector.getCollectionTime();
        }
        if (count > lastGcCount) {
            gcMaxMillis = Math.max(gcMaxMillis, (millis - lastGcMillis) / (double) (count - lastGcCount));
        }
        lastGcCount = count;
        lastGcMillis = millis;
    }

    private void sample() {
        long nowMillis = System.currentTimeMillis();
        long nowNanos = System.nanoTime();
        Map<String, LedgerReading> now = read(warmup);
        Map<String, LedgerReading> difference = new LinkedHashMap<>();
        now.forEach((name, reading) ->
                difference.put(name, reading.minus(lastCounts.getOrDefault(name, LedgerReading.ZERO))));
        Map<String, Map<Metric, Histogram>> latencies = harvest();
        noteConnects(latencies);
        eachInterval.accept(new IntervalReading(
                lastMillis,
                nowMillis,
                (lastNanos - recordFromNanos) / 1e9,
                difference,
                latencies,
                loops.stream().mapToInt(LoadLoop::inFlight).sum()));
        lastCounts = now;
        lastMillis = nowMillis;
        lastNanos = nowNanos;
        sampleGc();
    }

    private void noteConnects(Map<String, Map<Metric, Histogram>> latencies) {
        Histogram all = LatencyRecorder.newHistogram();
        for (Map<Metric, Histogram> ofMember : latencies.values()) {
            Histogram connects = ofMember.get(Metric.CONNECT);
            if (connects != null) {
                all.add(connects);
            }
        }
        if (all.getTotalCount() >= LEAST_CONNECTS) {
            connectP50Micros.add(all.getValueAtPercentile(50) / 1e3);
        }
    }

    private Map<String, Map<Metric, Histogram>> harvest() {
        Map<String, Map<Metric, Histogram>> all = new LinkedHashMap<>();
        for (int member = 0; member < members.size(); member++) {
            Map<Metric, Histogram> ofMember = new EnumMap<>(Metric.class);
            for (Metric metric : METRICS) {
                Histogram merged = harvest(member, metric);
                if (merged != null) {
                    ofMember.put(metric, merged);
                    totals.computeIfAbsent(members.get(member).name(), _ -> new EnumMap<>(Metric.class))
                            .computeIfAbsent(metric, _ -> LatencyRecorder.newHistogram())
                            .add(merged);
                }
            }
            all.put(members.get(member).name(), ofMember);
        }
        for (LoadLoop loop : loops) {
            rtts.add(loop.harvestRtts(warmup));
        }
        return all;
    }

    private @Nullable Histogram harvest(int member, Metric metric) {
        Histogram merged = null;
        for (LoadLoop loop : loops) {
            Histogram one = loop.latencies(warmup).harvest(member, metric);
            if (one != null && one.getTotalCount() > 0) {
                if (merged == null) {
                    merged = one;
                } else {
                    merged.add(one);
                }
            }
        }
        return merged;
    }

    Map<String, LedgerReading> counts() {
        return read(false);
    }

    Map<String, LedgerReading> warmupCounts() {
        return read(true);
    }

    private Map<String, LedgerReading> read(boolean warmup) {
        Map<String, LedgerReading> readings = new LinkedHashMap<>();
        for (int member = 0; member < members.size(); member++) {
            LedgerReading sum = LedgerReading.ZERO;
            for (LoadLoop loop : loops) {
                sum = sum.plus((warmup ? loop.warmupLedger(member) : loop.ledger(member)).read());
            }
            readings.put(members.get(member).name(), sum);
        }
        return readings;
    }

    Map<String, Map<Metric, Histogram>> latencies() {
        return totals;
    }

    List<Double> connectP50Micros() {
        return List.copyOf(connectP50Micros);
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

    long gcCount() {
        return lastGcCount - gcCountBefore;
    }

    double gcMillis() {
        return lastGcMillis - gcMillisBefore;
    }

    double gcMaxMillis() {
        return gcMaxMillis;
    }
}
