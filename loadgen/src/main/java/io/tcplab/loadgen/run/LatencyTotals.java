package io.tcplab.loadgen.run;

import io.tcplab.loadgen.plan.MixMember;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.Route;
import io.tcplab.loadgen.record.LatencyRecorder;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.TargetMeasurement;
import io.tcplab.loadgen.record.TcpFigure;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** The latencies of all loops, added up by member of the mix, by step and by target. For one thread at a time. */
final class LatencyTotals {

    private static final Metric[] METRICS = Metric.values();

    private final List<MixMember> members;
    private final List<Route> routes;
    private final List<String> stepNames;
    private final RouteCounts counts;

    /** By target; empty where there are not several. */
    private final List<Map<Metric, Histogram>> targetTotals = new ArrayList<>();

    private final Map<String, Map<Metric, Histogram>> totals = new LinkedHashMap<>();
    private final Map<String, Map<String, Histogram>> stepTotals = new LinkedHashMap<>();
    private final Histogram rtts = LatencyRecorder.newHistogram();
    private final Map<TcpFigure, Histogram> tcp = new EnumMap<>(TcpFigure.class);

    LatencyTotals(Profile profile, RouteCounts counts) {
        this.members = profile.mix();
        this.routes = profile.routes();
        this.stepNames = profile.stepNames();
        this.counts = counts;
        for (MixMember member : members) {
            totals.put(member.name(), new EnumMap<>(Metric.class));
        }
        if (profile.namesSeveralTargets()) {
            profile.askedTargets().forEach(_ -> targetTotals.add(new EnumMap<>(Metric.class)));
        }
    }

    /** What a loop of this profile records into. */
    LatencyRecorder newRecorder() {
        return new LatencyRecorder(routes.size(), stepNames.size());
    }

    /** Adds what the loops have filled; returns it, by member and metric. */
    Map<String, Map<Metric, Histogram>> add(List<LatencyRecorder> filled) {
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

    /** As {@link #add}, of the steps that have latencies of their own. */
    Map<String, Map<String, Histogram>> addSteps(List<LatencyRecorder> filled) {
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

    private static @Nullable Histogram merge(
            List<LatencyRecorder> filled, Function<LatencyRecorder, @Nullable Histogram> part) {
        Histogram merged = null;
        for (LatencyRecorder recorder : filled) {
            merged = together(merged, part.apply(recorder));
        }
        return merged;
    }

    /** By member and metric, since the beginning. */
    Map<String, Map<Metric, Histogram>> latencies() {
        return totals;
    }

    /** By member and step. */
    Map<String, Map<String, Histogram>> steps() {
        return stepTotals;
    }

    /** What was measured of each of several targets; empty where there are not several. */
    List<TargetMeasurement> targets() {
        return IntStream.range(0, targetTotals.size())
                .mapToObj(target -> new TargetMeasurement(
                        counts.ofTarget(target), targetTotals.get(target), counts.statusesOfTarget(target)))
                .toList();
    }

    /** What the kernel said of a sample of connections at their close. */
    Map<TcpFigure, Histogram> tcp() {
        return tcp;
    }

    /** Round trips of the handshake, of a sample of connections. */
    Histogram rtts() {
        return rtts;
    }
}
