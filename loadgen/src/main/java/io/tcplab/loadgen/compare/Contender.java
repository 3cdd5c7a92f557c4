package io.tcplab.loadgen.compare;

import io.tcplab.loadgen.plan.MixMember;
import io.tcplab.loadgen.plan.Profile;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was run, and what it gave in each round.
 *
 * @param name unique among the contenders
 * @param rounds in the order in which they ran
 */
public record Contender(String name, List<Map<ComparedFigure, Double>> rounds) {

    public Contender {
        rounds = List.copyOf(rounds);
    }

    /** The figure in each round; {@code null} unless every round has it. */
    public double @Nullable [] of(ComparedFigure figure) {
        double[] values = new double[rounds.size()];
        for (int i = 0; i < values.length; i++) {
            Double value = rounds.get(i).get(figure);
            if (value == null) {
                return null;
            }
            values[i] = value;
        }
        return values.length == 0 ? null : values;
    }

    /** The median of every figure that each round has. */
    public Map<ComparedFigure, Double> medians() {
        Map<ComparedFigure, Double> medians = new EnumMap<>(ComparedFigure.class);
        for (ComparedFigure figure : ComparedFigure.values()) {
            double[] values = of(figure);
            if (values != null) {
                medians.put(figure, RatioInterval.median(values));
            }
        }
        return medians;
    }

    /** Every figure with its value in each round. */
    public Map<ComparedFigure, List<Double>> byFigure() {
        Map<ComparedFigure, List<Double>> byFigure = new EnumMap<>(ComparedFigure.class);
        for (Map<ComparedFigure, Double> round : rounds) {
            round.forEach((figure, value) ->
                    byFigure.computeIfAbsent(figure, _ -> new ArrayList<>()).add(value));
        }
        return byFigure;
    }

    /**
     * Returns the plans by the names of their contenders: each profile, or the members of the only one. One with actions stays whole,
     * as it has a control to be compared with.
     */
    static Map<String, Profile> plans(List<Profile> profiles) {
        Map<String, Profile> plans = new LinkedHashMap<>();
        if (profiles.size() > 1 || !profiles.getFirst().actions().isEmpty()) {
            for (Profile profile : profiles) {
                plans.put(unique(profile.name(), plans), profile);
            }
            return plans;
        }
        Profile only = profiles.getFirst();
        for (MixMember member : only.mix()) {
            plans.put(member.name(), only.withMix(List.of(member)).withoutThresholds());
        }
        return plans;
    }

    /** Lays the cable for all of them where one needs it: what it costs is no difference between contenders. */
    static void overOnePath(Map<String, Profile> plans) {
        if (plans.values().stream().anyMatch(Profile::needsCable)) {
            plans.replaceAll((_, plan) -> plan.target() == null ? plan.overCable() : plan);
        }
    }

    private static String unique(String name, Map<String, Profile> taken) {
        String candidate = name;
        for (int i = 2; taken.containsKey(candidate); i++) {
            candidate = name + "-" + i;
        }
        return candidate;
    }

    /**
     * The profile as a round: at most this long, and without thresholds, which are a run's and not a comparison's. One with actions
     * lasts as long as it says: they stand at their times in it.
     */
    public static Profile round(Profile profile, long mostWarmupNanos, long mostDurationNanos) {
        Profile round = profile.withoutThresholds();
        return profile.actions().isEmpty()
                ? round.lasting(
                        Math.min(profile.warmupNanos(), mostWarmupNanos),
                        Math.min(profile.durationNanos(), mostDurationNanos))
                : round;
    }
}
