package io.tcplab.loadgen.tune;

import io.tcplab.loadgen.compare.ComparedFigure;
import io.tcplab.loadgen.compare.ComparisonText;
import io.tcplab.loadgen.compare.RatioInterval;
import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.tune.law.Law;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.SideFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The tuning for a reader: the sentence, a row for each cell, the arithmetic, and what each knob did. */
public final class TuningText {

    /** A column of the table of cells; one that is 0 in every cell is left out. */
    record Column(String title, boolean always, ToDoubleFunction<CellResult> value) {}

    static final List<Column> COLUMNS = List.of(
            new Column("completed", true, cell -> cell.outcomes().getOrDefault("completed", 0.0)),
            new Column("errors", true, cell -> figure(cell, ComparedFigure.ERRORS)),
            new Column("lost to actions", false, TuningText::lostToActions),
            new Column("migrated", false, cell -> counter(cell, "server TcpExt.TCPMigrateReqSuccess")),
            new Column("connect p50 (ms)", false, cell -> millis(cell, ComparedFigure.CONNECT_P50)),
            new Column("response p50 (ms)", false, cell -> millis(cell, ComparedFigure.RESPONSE_P50)),
            new Column("queue limit", false, TuningText::queueLimit),
            new Column(
                    "queue peak", false, cell -> queueLimit(cell) == 0 ? 0 : figure(cell, ComparedFigure.ACCEPT_QUEUE)),
            new Column("overflows", false, cell -> counter(cell, "server TcpExt.ListenOverflows")),
            new Column("SYNs dropped", false, cell -> counter(cell, "server TcpExt.TCPReqQFullDrop")),
            new Column("cookies", false, cell -> counter(cell, "server TcpExt.SyncookiesSent")),
            new Column("server's resets", false, cell -> counter(cell, "server Tcp.OutRsts")),
            new Column("probes", false, cell -> counter(cell, "client TcpExt.TCPKeepAlive")),
            new Column("TW peak", false, cell -> figure(cell, ComparedFigure.CLIENT_TIME_WAIT)),
            new Column("TW begun", false, cell -> counter(cell, "client TcpExt.TW")),
            new Column("reused", false, cell -> counter(cell, "client TcpExt.TWRecycled")));

    private static final int MOST_LINES = 8;

    private TuningText() {}

    /** The text, with a newline at its end. */
    public static String render(Tuning tuning, List<String> notes) {
        StringBuilder text = new StringBuilder(tuning.sentence()).append("\n");
        ComparisonText.columns(rows(tuning), text);
        List<CellResult> lawful =
                tuning.cells().stream().filter(cell -> cell.law() != null).toList();
        if (!lawful.isEmpty()) {
            text.append("\nHow the expected count follows:\n");
            lawful.forEach(cell -> text.append("  ").append(because(cell)).append("\n"));
        }
        tuning.knobs().forEach(knob -> append(knob, text));
        notes.forEach(note -> text.append("\nNote: ").append(note).append("\n"));
        return text.toString();
    }

    /** The table of cells, its head first. */
    static List<List<String>> rows(Tuning tuning) {
        List<Column> columns = COLUMNS.stream()
                .filter(column -> column.always()
                        || tuning.cells().stream()
                                .anyMatch(cell -> column.value().applyAsDouble(cell) != 0))
                .toList();
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("cell"));
        columns.forEach(column -> head.add(column.title()));
        head.add("expected");
        rows.add(head);
        for (CellResult cell : tuning.cells()) {
            List<String> row = new ArrayList<>(List.of(cell.cell().name()));
            columns.forEach(column -> row.add(InWords.rate(column.value().applyAsDouble(cell))));
            row.add(expected(cell));
            rows.add(row);
        }
        return rows;
    }

    private static double queueLimit(CellResult cell) {
        SideFigures server = cell.rounds().getFirst().kernel().server();
        KernelFigures.AcceptQueue queue = server == null ? null : server.acceptQueue();
        boolean overflowed = counter(cell, "server TcpExt.ListenOverflows") > 0;
        boolean asked = cell.law() != null && cell.law().title().startsWith("accept queue");
        return queue == null || !(overflowed || asked) ? 0 : queue.limit();
    }

    private static double lostToActions(CellResult cell) {
        return RatioInterval.median(cell.rounds().stream()
                .mapToDouble(round -> round.actions().stream()
                        .mapToLong(action -> action.lost().all())
                        .sum())
                .toArray());
    }

    private static double figure(CellResult cell, ComparedFigure figure) {
        return cell.contender().medians().getOrDefault(figure, 0.0);
    }

    /** Times stand in the table where the distance is what differs; 0 elsewhere. */
    private static double millis(CellResult cell, ComparedFigure figure) {
        boolean ofDistance = cell.cell().settings().keySet().stream()
                .anyMatch(knob -> knob.key().startsWith("network"));
        return ofDistance ? figure(cell, figure) / 1_000 : 0;
    }

    private static double counter(CellResult cell, String name) {
        double[] values = cell.counters().get(name);
        return values == null ? 0 : RatioInterval.median(values.clone());
    }

    private static String expected(CellResult cell) {
        Law law = cell.law();
        if (law == null) {
            return "–";
        }
        return range(law) + mark(law) + lateRounds(cell);
    }

    private static String range(Law law) {
        String most = InWords.rate(law.most());
        if (law.least() == law.most()) {
            return most;
        }
        return law.least() == 0 ? "≤ " + most : InWords.rate(law.least()) + "–" + most;
    }

    /** A late round beside one that held says why the median is not what was expected. */
    private static String lateRounds(CellResult result) {
        long late = result.laws().stream().filter(Law::undecided).count();
        return late == 0 || late == result.laws().size() ? "" : ", " + late + " late";
    }

    private static String mark(Law law) {
        if (law.held()) {
            return " ✓";
        }
        return law.undecided() ? " late" : " ✗";
    }

    /** The arithmetic of a cell that has a law. */
    static String because(CellResult cell) {
        Law law = cell.law();
        if (law == null) {
            return cell.cell().name();
        }
        String words = cell.cell().name() + ": " + law.because();
        if (law.held()) {
            return law.least() == law.most() ? words : words + "; seen " + InWords.rate(law.observed());
        }
        return words + ", but " + InWords.rate(law.observed()) + " seen"
                + (law.undecided() ? ": the generator was late, so this cell proves nothing" : "");
    }

    private static void append(KnobVerdict knob, StringBuilder text) {
        text.append("\n").append(knob.key()).append(knob.tookEffect() ? ": took effect\n" : "\n");
        if (knob.tookEffect()) {
            lines("  changed ", knob.effects(), text);
            lines("  cannot tell: ", knob.cannotTell(), text);
            lines("  no effect: ", knob.without(), text);
        } else {
            text.append("  ").append(knob.verdict()).append("\n");
        }
        lines("  evidence: ", knob.evidence(), text);
        if (!knob.recommendation().isEmpty()) {
            text.append("  advice: ").append(knob.recommendation()).append("\n");
        }
    }

    private static void lines(String begin, List<String> lines, StringBuilder text) {
        lines.stream()
                .limit(MOST_LINES)
                .forEach(line -> text.append(begin).append(line).append("\n"));
        if (lines.size() > MOST_LINES) {
            text.append(begin)
                    .append("… and ")
                    .append(lines.size() - MOST_LINES)
                    .append(" more in tune.json\n");
        }
    }
}
