package io.tcplab.loadgen.result;

import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.watch.TimelineRow;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code timeline.csv}: a line of column names, then one row per interval and side. The columns never change; an empty cell
 * means "not measured", 0 means 0. Safe for several threads; flushed after each row.
 */
public final class TimelineWriter {

    private static final String TIME_WAIT = TcpState.TIME_WAIT.name();
    private static final String ESTABLISHED = TcpState.ESTABLISHED.name();
    private static final Map<String, String> STATE_COLUMNS = stateColumns();
    private static final Map<String, String> COUNTER_COLUMNS = counterColumns();
    private static final Set<String> TOLD = Set.copyOf(COUNTER_COLUMNS.values());
    private static final Metric[] METRICS = Metric.values();

    /** The column names, in order. */
    public static final List<String> COLUMNS = columns();

    private final OutputStream stream;
    private final StringBuilder line = new StringBuilder();

    /** Writes the line of column names. */
    public TimelineWriter(OutputStream stream) throws IOException {
        this.stream = stream;
        line.append(String.join(",", COLUMNS));
        endLine();
    }

    /** Appends one row. */
    public synchronized void append(TimelineRow row) throws IOException {
        decimal(row.second());
        line.append(',').append(row.side().word());
        load(row.load());
        kernel(row.kernel());
        endLine();
    }

    private void endLine() throws IOException {
        stream.write(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
        stream.flush();
        line.setLength(0);
    }

    private void load(TimelineRow.@Nullable Load load) {
        if (load == null) {
            empty(6 + 2 * METRICS.length);
            return;
        }
        count(load.started());
        count(load.completed());
        count(load.errors());
        count(load.inFlight());
        count(load.exchanges());
        count(load.exchangeErrors());
        for (Metric metric : METRICS) {
            TimelineRow.Percentiles percentiles = load.percentiles().get(metric);
            if (percentiles == null) {
                empty(2);
            } else {
                line.append(',');
                decimal(percentiles.p50Micros());
                line.append(',');
                decimal(percentiles.p99Micros());
            }
        }
    }

    private void kernel(TimelineRow.@Nullable Kernel kernel) {
        if (kernel == null) {
            empty(2 + STATE_COLUMNS.size() + COUNTER_COLUMNS.size() + 2);
            return;
        }
        countIfKnown(kernel.acceptQueueLength());
        countIfKnown(kernel.acceptQueueLimit());
        if (kernel.states().isEmpty()) {
            empty(STATE_COLUMNS.size());
        } else {
            // A row that was given TIME_WAIT has all states; without it, those that are counted more rarely are not
            // known.
            boolean all = kernel.states().containsKey(TIME_WAIT);
            STATE_COLUMNS.values().forEach(state -> {
                boolean rare = state.equals(TIME_WAIT) || state.equals(ESTABLISHED);
                countIfKnown(kernel.states().getOrDefault(state, rare && !all ? null : Long.valueOf(0)));
            });
        }
        COUNTER_COLUMNS.values().forEach(counter -> count(kernel.counters().getOrDefault(counter, 0L)));
        others(kernel.counters());
        line.append(',');
        decimal(kernel.observeCostMicros());
    }

    /** The counters that moved and have no column, by name. */
    private void others(Map<String, Long> counters) {
        List<String> moved = new ArrayList<>();
        for (String name : counters.keySet()) {
            if (!TOLD.contains(name)) {
                moved.add(name);
            }
        }
        Collections.sort(moved);
        char before = ',';
        for (String name : moved) {
            line.append(before).append(name).append('=').append(counters.get(name));
            before = ' ';
        }
        if (moved.isEmpty()) {
            empty(1);
        }
    }

    private void empty(int cells) {
        line.repeat(',', cells);
    }

    private void count(long count) {
        line.append(',').append(count);
    }

    private void countIfKnown(@Nullable Long count) {
        if (count == null) {
            empty(1);
        } else {
            count(count);
        }
    }

    /** Three decimals; without a formatter, which costs more than all the rest of a row. */
    private void decimal(double value) {
        long thousandths = Math.round(value * 1000);
        long rest = Math.abs(thousandths % 1000);
        line.append(thousandths < 0 ? "-" : "").append(Math.abs(thousandths / 1000));
        line.append(rest < 10 ? ".00" : rest < 100 ? ".0" : ".").append(rest);
    }

    private static List<String> columns() {
        List<String> columns = new ArrayList<>(
                List.of("second", "side", "started", "completed", "errors", "inFlight", "exchanges", "exchangeErrors"));
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
        for (KernelCounter counter : CounterNames.IN_THE_TIMELINE) {
            columns.put(counter.id(), counter.kernelName());
        }
        return columns;
    }

    /** The counters' full names by their column. */
    public static Map<String, String> counters() {
        return COUNTER_COLUMNS;
    }

    /** The kernel's names of the states by their column. */
    public static Map<String, String> states() {
        return STATE_COLUMNS;
    }
}
