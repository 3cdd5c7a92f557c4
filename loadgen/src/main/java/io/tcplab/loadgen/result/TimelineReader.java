package io.tcplab.loadgen.result;

import io.tcplab.kernel.Side;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a {@code timeline.csv} row by row in constant memory. Errors name the file and the line. One thread. */
public final class TimelineReader implements Closeable {

    private static final String OTHERS = "otherCounters";

    /**
     * One interval of one side.
     *
     * @param cells by column name; an empty cell is absent
     * @param otherCounters the counters that moved and have no column, by their full names
     */
    public record Row(double second, Side side, Map<String, Double> cells, Map<String, Long> otherCounters) {

        /** The cell's value; 0 where it is empty. */
        public double cell(String column) {
            return cells.getOrDefault(column, 0.0);
        }
    }

    /** Which rows are read: those of one side with something in a column that tells the row's kind. */
    public enum Kind {
        LOAD("started"),
        KERNEL("observeCostMicros");

        private final String column;

        Kind(String column) {
            this.column = column;
        }
    }

    private final Path file;
    private final Lines lines;
    private final List<String> columns;
    private final @Nullable Side side;
    private final int filled;

    private TimelineReader(Path file, @Nullable Side side, @Nullable Kind kind) throws IOException {
        this.file = file;
        this.lines = new Lines(file);
        this.side = side;
        try {
            String names = lines.next();
            if (names == null || !names.startsWith("second,side,")) {
                throw new IOException(file + " is not a tcplab timeline: its first line must name the columns");
            }
            this.columns = Arrays.asList(names.split(",", -1));
            this.filled = kind == null ? -1 : columns.indexOf(kind.column);
        } catch (IOException e) {
            lines.close();
            throw e;
        }
    }

    /** Reads every row. */
    public static TimelineReader all(Path file) throws IOException {
        return new TimelineReader(file, null, null);
    }

    /** Reads the rows of one kind and side. */
    public static TimelineReader of(Path file, Side side, Kind kind) throws IOException {
        return new TimelineReader(file, side, kind);
    }

    /** The next row; {@code null} behind the last. */
    public @Nullable Row next() throws IOException {
        for (String line = lines.next(); line != null; line = lines.next()) {
            String[] cells = line.split(",", -1);
            if (cells.length != columns.size()) {
                throw damaged("it has " + cells.length + " cells under " + columns.size() + " columns", null);
            }
            if ((side == null || side.word().equals(cells[1])) && (filled < 0 || !cells[filled].isEmpty())) {
                return row(cells);
            }
        }
        return null;
    }

    private Row row(String[] cells) throws IOException {
        Map<String, Double> byColumn = new LinkedHashMap<>();
        Map<String, Long> others = Map.of();
        try {
            for (int i = 2; i < cells.length; i++) {
                if (columns.get(i).equals(OTHERS)) {
                    others = counters(cells[i]);
                } else if (!cells[i].isEmpty()) {
                    byColumn.put(columns.get(i), Double.valueOf(cells[i]));
                }
            }
            return new Row(Double.parseDouble(cells[0]), side(cells[1]), byColumn, others);
        } catch (NumberFormatException e) {
            throw damaged("a cell is not a number: " + e.getMessage(), e);
        }
    }

    private Side side(String word) throws IOException {
        return Side.of(word).orElseThrow(() -> damaged(word + " is neither client nor server", null));
    }

    /** Reads {@code name=delta name=delta}. */
    private static Map<String, Long> counters(String cell) {
        if (cell.isEmpty()) {
            return Map.of();
        }
        Map<String, Long> counters = new LinkedHashMap<>();
        for (String counter : cell.split(" ")) {
            int equals = counter.lastIndexOf('=');
            counters.put(counter.substring(0, Math.max(0, equals)), Long.valueOf(counter.substring(equals + 1)));
        }
        return counters;
    }

    private IOException damaged(String why, @Nullable Exception cause) {
        return new IOException(file + " is damaged in line " + lines.number() + ": " + why, cause);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
