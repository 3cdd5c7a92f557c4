package io.tcplab.loadgen.tune;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.compare.ComparedFigure;
import io.tcplab.loadgen.compare.Contender;
import io.tcplab.loadgen.compare.RatioInterval;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.tune.law.Law;
import io.tcplab.loadgen.watch.SideFigures;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a cell gave.
 *
 * @param cell which
 * @param readBack every knob's value as the cell had it, set or not, by the knob's label
 * @param rounds summaries, in order
 * @param laws of each round; empty where it says nothing
 */
public record CellResult(Cell cell, Map<String, String> readBack, List<Summary> rounds, List<Law> laws) {

    public CellResult {
        readBack = Map.copyOf(readBack);
        rounds = List.copyOf(rounds);
        laws = List.copyOf(laws);
    }

    Contender contender() {
        return new Contender(
                cell.name(), rounds.stream().map(ComparedFigure::of).toList());
    }

    /** Whether every round is valid. */
    boolean isBelieved() {
        return rounds.stream().allMatch(Summary::valid);
    }

    /** A round in which the law was broken, or else one in which it held, or else any; {@code null} where it says nothing. */
    @Nullable
    Law law() {
        return laws.stream()
                .filter(law -> !law.held() && !law.undecided())
                .findFirst()
                .or(() -> laws.stream().filter(Law::held).findFirst())
                .orElse(laws.isEmpty() ? null : laws.getFirst());
    }

    /** The kernel's counters of both sides, {@code client TcpExt.TW}, one value for each round. */
    Map<String, double[]> counters() {
        Set<String> names = new TreeSet<>();
        rounds.forEach(round -> names.addAll(counters(round).keySet()));
        Map<String, double[]> counters = new TreeMap<>();
        for (String name : names) {
            counters.put(
                    name,
                    rounds.stream()
                            .mapToDouble(round -> counters(round).getOrDefault(name, 0L))
                            .toArray());
        }
        return counters;
    }

    private static Map<String, Long> counters(Summary round) {
        Map<String, Long> counters = new TreeMap<>();
        for (Side side : Side.values()) {
            SideFigures kernel = round.kernel().of(side);
            if (kernel != null) {
                kernel.counters().forEach((name, delta) -> counters.put(side.word() + " " + name, delta));
            }
        }
        return counters;
    }

    /** How the connections ended, the median of the rounds, by key; outcomes that never came are left out. */
    Map<String, Double> outcomes() {
        Map<String, Double> medians = new LinkedHashMap<>();
        for (String key : rounds.getFirst().outcomes().flat().keySet()) {
            double median = RatioInterval.median(rounds.stream()
                    .mapToDouble(round -> round.outcomes().flat().getOrDefault(key, 0L))
                    .toArray());
            if (median != 0) {
                medians.put(key, median);
            }
        }
        return medians;
    }
}
