package io.tcplab.loadgen.tune;

import io.tcplab.loadgen.compare.Comparison;
import io.tcplab.loadgen.compare.Difference;
import io.tcplab.loadgen.tune.law.Law;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a matrix of settings showed: two cells that differ in one knob alone tell what that knob did there.
 *
 * <p>With enough rounds every figure is judged as {@link Comparison} does, the level divided by the number of such pairs; counts
 * (connections, errors, TIME_WAITs, the kernel's counters) are judged by {@link Counted} with two rounds already, because a namespace of
 * its own makes them repeat.
 *
 * @param sentence plain words, on top
 * @param cells in the order in which they ran
 * @param differences of the pairs that differ in one knob
 * @param knobs what each of them did
 */
public record Tuning(String sentence, List<CellResult> cells, List<Difference> differences, List<KnobVerdict> knobs) {

    /** The chance that knobs which all do nothing are said to move a figure. */
    private static final double LEVEL = 0.05;

    public Tuning {
        cells = List.copyOf(cells);
        differences = List.copyOf(differences);
        knobs = List.copyOf(knobs);
    }

    /** Two cells that differ in one knob; {@code where} names what else is set there. */
    record Pair(Knob knob, CellResult base, CellResult other, String where) {
        String change() {
            String label = knob.label();
            return base.readBack().get(label) + " → " + other.readBack().get(label);
        }
    }

    /**
     * Judges.
     *
     * @param knobs all that were set to more than one value, or tried to
     * @param absent those that this kernel does not have
     */
    public static Tuning of(List<CellResult> cells, Set<Knob> knobs, Set<Knob> absent, String kernel) {
        Map<Knob, List<Pair>> pairs = new LinkedHashMap<>();
        int count = 0;
        for (Knob knob : knobs) {
            List<Pair> each = absent.contains(knob) ? List.of() : pairs(knob, cells);
            pairs.put(knob, each);
            count += each.size();
        }
        List<Difference> differences = new ArrayList<>();
        List<KnobVerdict> verdicts = new ArrayList<>();
        for (Map.Entry<Knob, List<Pair>> each : pairs.entrySet()) {
            Knob knob = each.getKey();
            if (absent.contains(knob)) {
                verdicts.add(new KnobVerdict(
                        knob.label(),
                        false,
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        "absent: Linux " + kernel + " has no such key in a network namespace",
                        Advice.on(knob.key(), false)));
            } else {
                verdicts.add(KnobJudge.verdict(knob, each.getValue(), LEVEL / Math.max(1, count), differences));
            }
        }
        return new Tuning(sentence(cells, verdicts), cells, differences, verdicts);
    }

    /**
     * The pairs that differ in this knob alone: each cell with the first of its place and with the one before it. All pairs of many values
     * would say no more, and each comparison makes the others' level stricter.
     */
    static List<Pair> pairs(Knob knob, List<CellResult> cells) {
        Map<Map<String, String>, List<CellResult>> places = new LinkedHashMap<>();
        for (CellResult cell : cells) {
            Map<String, String> others = new TreeMap<>(cell.readBack());
            others.remove(knob.label());
            places.computeIfAbsent(others, _ -> new ArrayList<>()).add(cell);
        }
        List<Pair> pairs = new ArrayList<>();
        for (List<CellResult> place : places.values()) {
            for (int i = 1; i < place.size(); i++) {
                addPair(knob, place.get(i - 1), place.get(i), pairs);
                if (i > 1) {
                    addPair(knob, place.getFirst(), place.get(i), pairs);
                }
            }
        }
        return pairs;
    }

    private static void addPair(Knob knob, CellResult base, CellResult other, List<Pair> pairs) {
        if (!base.readBack().equals(other.readBack())) {
            pairs.add(new Pair(knob, base, other, where(knob, base, other)));
        }
    }

    private static String where(Knob knob, CellResult a, CellResult b) {
        Map<Knob, String> others = new LinkedHashMap<>(a.cell().settings());
        b.cell().settings().forEach(others::putIfAbsent);
        others.remove(knob);
        return others.isEmpty() ? "" : "with " + new Cell(others).name();
    }

    private static String sentence(List<CellResult> cells, List<KnobVerdict> verdicts) {
        List<String> took = verdicts.stream()
                .filter(KnobVerdict::tookEffect)
                .map(KnobVerdict::key)
                .toList();
        List<String> not = verdicts.stream()
                .filter(each -> !each.tookEffect() && each.cannotTell().isEmpty())
                .map(each -> each.key() + " ("
                        + each.verdict().substring(0, Math.max(0, each.verdict().indexOf(':'))) + ")")
                .toList();
        List<String> open = verdicts.stream()
                .filter(each -> !each.tookEffect() && !each.cannotTell().isEmpty())
                .map(KnobVerdict::key)
                .toList();
        StringBuilder sentence = new StringBuilder();
        sentence.append(
                !took.isEmpty()
                        ? "Took effect: " + String.join(", ", took)
                        : open.isEmpty() ? "No setting took effect" : "No effect is shown");
        sentence.append(not.isEmpty() ? "" : "; did not: " + String.join(", ", not));
        sentence.append(open.isEmpty() ? "." : "; too few rounds to judge: " + String.join(", ", open) + ".");
        Map<String, List<Law>> laws = new LinkedHashMap<>();
        cells.stream()
                .map(CellResult::law)
                .filter(Objects::nonNull)
                .forEach(law -> laws.computeIfAbsent(law.title(), _ -> new ArrayList<>())
                        .add(law));
        laws.forEach((title, each) -> sentence.append(kept(title, each)));
        OverflowPoint overflow = OverflowPoint.of(cells);
        if (overflow != null) {
            sentence.append(" ").append(overflow.sentence());
        }
        return sentence.toString();
    }

    private static String kept(String title, List<Law> laws) {
        long undecided = laws.stream().filter(Law::undecided).count();
        return " " + Character.toUpperCase(title.charAt(0)) + title.substring(1) + ": held in "
                + laws.stream().filter(Law::held).count() + " of " + (laws.size() - undecided) + " cells"
                + (undecided == 0
                        ? "."
                        : "; " + undecided + " more " + (undecided == 1 ? "cell" : "cells")
                                + " could not be judged: the generator was short of CPU.");
    }
}
