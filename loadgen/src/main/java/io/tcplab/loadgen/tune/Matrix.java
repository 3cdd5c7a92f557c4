package io.tcplab.loadgen.tune;

import io.tcplab.loadgen.plan.TuneKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Spans cells from values: every combination, or few that still contain every pair of values of two knobs. */
public final class Matrix {

    private Matrix() {}

    /** Every combination of the values, the last knob changing fastest. */
    public static List<Cell> full(Map<Knob, List<String>> values) {
        List<Cell> cells = new ArrayList<>(List.of(new Cell(Map.of())));
        values.forEach((knob, each) -> {
            List<Cell> wider = new ArrayList<>();
            for (Cell cell : cells) {
                for (String value : each) {
                    Map<Knob, String> settings = new LinkedHashMap<>(cell.settings());
                    settings.put(knob, value);
                    wider.add(new Cell(settings));
                }
            }
            cells.clear();
            cells.addAll(wider);
        });
        return cells;
    }

    /**
     * A choice of {@link #full}'s cells in which every two values of every two knobs meet at least once: always the cell that has the
     * most pairs that have not met (greedy all-pairs).
     */
    public static List<Cell> pairwise(Map<Knob, List<String>> values) {
        List<Cell> candidates = full(values);
        Set<Set<Map.Entry<Knob, String>>> wanted = new LinkedHashSet<>();
        candidates.forEach(cell -> wanted.addAll(pairs(cell)));
        List<Cell> chosen = new ArrayList<>();
        while (!wanted.isEmpty()) {
            Cell best = candidates.getFirst();
            long most = -1;
            for (Cell cell : candidates) {
                long fresh = pairs(cell).stream().filter(wanted::contains).count();
                if (fresh > most) {
                    most = fresh;
                    best = cell;
                }
            }
            wanted.removeAll(pairs(best));
            chosen.add(best);
        }
        return chosen.isEmpty() ? candidates : chosen;
    }

    private static Set<Set<Map.Entry<Knob, String>>> pairs(Cell cell) {
        List<Map.Entry<Knob, String>> each = new ArrayList<>();
        cell.settings().forEach((knob, value) -> each.add(Map.entry(knob, value)));
        Set<Set<Map.Entry<Knob, String>>> pairs = new LinkedHashSet<>();
        for (int i = 0; i < each.size(); i++) {
            for (int j = i + 1; j < each.size(); j++) {
                pairs.add(Set.of(each.get(i), each.get(j)));
            }
        }
        return pairs;
    }

    /** The cells of a profile's own matrices, each once. */
    public static List<Cell> of(TuneKeys keys) {
        Set<Cell> cells = new LinkedHashSet<>();
        for (TuneKeys.Matrix matrix : keys.matrices()) {
            Map<Knob, List<String>> values = new LinkedHashMap<>();
            matrix.clientSysctls().forEach((key, each) -> values.put(new Knob(Knob.Kind.CLIENT_SYSCTL, key), each));
            matrix.serverSysctls().forEach((key, each) -> values.put(new Knob(Knob.Kind.SERVER_SYSCTL, key), each));
            matrix.sets().forEach((key, each) -> values.put(new Knob(Knob.Kind.PROFILE_KEY, key), each));
            if (matrix.loopback()) {
                values.put(Knob.PATH, List.of(Cell.LOOPBACK));
            }
            cells.addAll(full(values));
        }
        return List.copyOf(cells);
    }
}
