package io.tcplab.loadgen.report.text;

import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.result.OneGenerator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The generators of a load that several joined, a row each, in the same cells for a terminal and a page. */
public final class GeneratorsText {

    /** Heads of the cells. */
    public static final List<String> HEAD =
            List.of("generator", "started", "completed", "start skew", "clock", "loop busy", "start delay p99", "");

    private GeneratorsText() {}

    /** The cells of one generator; the last one has what is wrong with it. */
    public static List<String> cells(OneGenerator one) {
        List<String> cells = new ArrayList<>();
        cells.add(one.number() + " " + (one.group() == null ? "" : one.group() + " ") + one.host());
        cells.add(InWords.count(one.started()));
        cells.add(InWords.count(one.completed()));
        cells.add(micros(one.startSkewMicros()));
        cells.add("±" + InWords.micros(one.clockOffset().uncertaintyMicros()));
        Double busy = one.eventLoopBusy();
        cells.add(busy == null ? "–" : InWords.percent(busy));
        cells.add(micros(one.startDelayP99Micros()));
        cells.add(one.lost() != null ? "LOST" : Boolean.TRUE.equals(one.saturated()) ? "saturated" : "");
        return cells;
    }

    private static String micros(@Nullable Double micros) {
        return micros == null ? "–" : InWords.micros(micros);
    }

    static List<String> lines(List<OneGenerator> generators, Ink ink) {
        TextTable table = new TextTable().row(HEAD.toArray(String[]::new));
        generators.forEach(one -> table.row(cells(one).toArray(String[]::new)));
        return table.lines(ink);
    }
}
