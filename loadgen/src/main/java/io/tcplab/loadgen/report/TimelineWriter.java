package io.tcplab.loadgen.report;

import io.tcplab.loadgen.record.Metric;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code timeline.csv}: a line of column names, then one row per interval and side. The columns never change; an empty cell
 * means "not measured", 0 means 0. Safe for several threads; flushed after each row.
 */
public final class TimelineWriter {

    private static final Map<String, String> STATE_COLUMNS = stateColumns();
    private static final Map<String, String> COUNTER_COLUMNS = counterColumns();

    /** The column names, in order. */
    public static final List<String> COLUMNS = columns();

    private final BufferedWriter text;

    /** Writes the line of column names. */
    public TimelineWriter(OutputStream stream) throws IOException {
        text = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
        line(COLUMNS);
    }

    /** Appends one row. */
    public synchronized void append(TimelineRow row) throws IOException {
        List<String> cells = new ArrayList<>(COLUMNS.size());
        cells.add(decimal(row.second()));
        cells.add(row.side());
        addLoad(cells, row.load());
        addKernel(cells, row.kernel());
        line(cells);
    }

    private void line(List<String> cells) throws IOException {
        text.write(String.join(",", cells));
        text.write('\n');
        text.flush();
    }

    private static void addLoad(List<String> cells, TimelineRow.@Nullable Load load) {
        if (load == null) {
            addEmpty(cells, 5 + 2 * Metric.values().length);
            return;
        }
        for (long count :
                new long[] {load.started(), load.completed(), load.errors(), load.inFlight(), load.exchanges()}) {
            cells.add(Long.toString(count));
        }
        for (Metric metric : Metric.values()) {
            TimelineRow.Percentiles percentiles = load.percentiles().get(metric);
            cells.add(percentiles == null ? "" : decimal(percentiles.p50Micros()));
            cells.add(percentiles == null ? "" : decimal(percentiles.p99Micros()));
        }
    }

    private static void addKernel(List<String> cells, TimelineRow.@Nullable Kernel kernel) {
        if (kernel == null) {
            addEmpty(cells, 2 + STATE_COLUMNS.size() + COUNTER_COLUMNS.size() + 2);
            return;
        }
        cells.add(count(kernel.acceptQueueLength()));
        cells.add(count(kernel.acceptQueueLimit()));
        for (String state : STATE_COLUMNS.values()) {
            cells.add(kernel.states().isEmpty() ? "" : count(kernel.states().getOrDefault(state, 0L)));
        }
        Map<String, Long> others = new TreeMap<>(kernel.counters());
        for (String counter : COUNTER_COLUMNS.values()) {
            cells.add(count(kernel.counters().getOrDefault(counter, 0L)));
            others.remove(counter);
        }
        List<String> moved = new ArrayList<>();
        others.forEach((name, delta) -> moved.add(name + "=" + delta));
        cells.add(String.join(" ", moved));
        cells.add(decimal(kernel.observeCostMicros()));
    }

    private static void addEmpty(List<String> cells, int count) {
        for (int i = 0; i < count; i++) {
            cells.add("");
        }
    }

    private static String count(@Nullable Long count) {
        return count == null ? "" : count.toString();
    }

    /** Three decimals; without a formatter, which costs more than all the rest of a row. */
    private static String decimal(double value) {
        return BigDecimal.valueOf(Math.round(value * 1000), 3).toPlainString();
    }

    private static List<String> columns() {
        List<String> columns =
                new ArrayList<>(List.of("second", "side", "started", "completed", "errors", "inFlight", "exchanges"));
        for (Metric metric : Metric.values()) {
            columns.add(metric.key() + "P50Micros");
            columns.add(metric.key() + "P99Micros");
        }
        columns.add("acceptQueueLength");
        columns.add("acceptQueueLimit");
        columns.addAll(STATE_COLUMNS.keySet());
        columns.addAll(COUNTER_COLUMNS.keySet());
        columns.add("otherCounters");
        columns.add("observeCostMicros");
        return List.copyOf(columns);
    }

    /** SYN_RECV is the SYN queue's length and TIME_WAIT has its own word, so they are not called by their state. */
    private static Map<String, String> stateColumns() {
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put("synQueueLength", "SYN_RECV");
        columns.put("timeWaitCount", "TIME_WAIT");
        columns.put("established", "ESTABLISHED");
        columns.put("synSent", "SYN_SENT");
        columns.put("finWait1", "FIN_WAIT1");
        columns.put("finWait2", "FIN_WAIT2");
        columns.put("closeWait", "CLOSE_WAIT");
        columns.put("lastAck", "LAST_ACK");
        columns.put("closing", "CLOSING");
        columns.put("listen", "LISTEN");
        return columns;
    }

    private static Map<String, String> counterColumns() {
        Map<String, String> columns = new LinkedHashMap<>();
        for (String shortName : CounterNames.IN_THE_TIMELINE) {
            columns.put(shortName, CounterNames.fullName(shortName).orElseThrow());
        }
        return columns;
    }

    /** The counters' full names by their column. */
    static Map<String, String> counters() {
        return COUNTER_COLUMNS;
    }

    /** The kernel's names of the states by their column. */
    static Map<String, String> states() {
        return STATE_COLUMNS;
    }
}
