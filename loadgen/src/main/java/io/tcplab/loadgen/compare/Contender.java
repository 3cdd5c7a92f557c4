package io.tcplab.loadgen.compare;

import java.util.ArrayList;
import java.util.EnumMap;
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
}
