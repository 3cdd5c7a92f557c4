package io.tcplab.loadgen.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A {@code timeline.csv} read back and thinned out for plots.
 *
 * @param rows in the file's order, each by column name; an empty cell is absent
 */
public record Timeline(List<Row> rows) {

    /** One interval of one side. */
    public record Row(double second, String side, Map<String, Double> cells, String otherCounters) {}

    /** How the values of several intervals become one point. */
    public enum Reduce {
        MEAN,
        MAX
    }

    public static Timeline read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        if (lines.isEmpty() || !lines.getFirst().startsWith("second,side,")) {
            throw new IOException(file + " is not a tcplab timeline: its first line must name the columns");
        }
        List<String> columns = Arrays.asList(lines.getFirst().split(",", -1));
        List<Row> rows = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            rows.add(row(file, columns, Arrays.asList(line.split(",", -1))));
        }
        return new Timeline(rows);
    }

    private static Row row(Path file, List<String> columns, List<String> cells) throws IOException {
        if (cells.size() != columns.size()) {
            throw new IOException(
                    file + " has a row of " + cells.size() + " cells under " + columns.size() + " columns");
        }
        Map<String, Double> byColumn = new LinkedHashMap<>();
        String others = "";
        try {
            for (int i = 2; i < cells.size(); i++) {
                if (columns.get(i).equals("otherCounters")) {
                    others = cells.get(i);
                } else if (!cells.get(i).isEmpty()) {
                    byColumn.put(columns.get(i), Double.valueOf(cells.get(i)));
                }
            }
            return new Row(Double.parseDouble(cells.getFirst()), cells.get(1), byColumn, others);
        } catch (NumberFormatException e) {
            throw new IOException(file + " has a cell that is not a number: " + e.getMessage(), e);
        }
    }

    /** The rows of a side that have a value in this column. */
    public List<Row> of(String side, String column) {
        return rows.stream()
                .filter(row -> row.side.equals(side) && row.cells.containsKey(column))
                .toList();
    }

    /** The moments at which points are put: at most {@code most}, evenly over the run. */
    public double[] moments(int most) {
        double first = rows.stream().mapToDouble(Row::second).min().orElse(0);
        double last = rows.stream().mapToDouble(Row::second).max().orElse(0);
        long distinct = rows.stream().mapToDouble(Row::second).distinct().count();
        int points = Math.clamp(distinct, 1, most);
        double step = points < 2 ? 1 : (last - first) / (points - 1);
        double[] moments = new double[points];
        for (int i = 0; i < points; i++) {
            moments[i] = first + i * step;
        }
        return moments;
    }

    /** One value for each moment, from the rows that are nearest to it; absent where there are none. */
    public List<OptionalDouble> series(double[] moments, String side, String column, Reduce reduce) {
        return reduced(moments, of(side, column), reduce, (_, row) -> row.cells.getOrDefault(column, 0.0));
    }

    /** The same for counts per interval, as a rate per second. */
    public List<OptionalDouble> rates(double[] moments, String side, String column) {
        List<Row> found = of(side, column);
        return reduced(
                moments, found, Reduce.MEAN, (i, row) -> row.cells.getOrDefault(column, 0.0) / seconds(found, i));
    }

    private static double seconds(List<Row> rows, int i) {
        if (rows.size() < 2) {
            return 1;
        }
        int from = Math.min(i, rows.size() - 2);
        double length = rows.get(from + 1).second - rows.get(from).second;
        return length > 0 ? length : 1;
    }

    /** The value of the row at this place among those found. */
    private interface ValueOf {
        double apply(int place, Row row);
    }

    private static List<OptionalDouble> reduced(double[] moments, List<Row> found, Reduce reduce, ValueOf value) {
        double[] result = new double[moments.length];
        int[] counts = new int[moments.length];
        double step = moments.length < 2 ? 1 : moments[1] - moments[0];
        for (int i = 0; i < found.size(); i++) {
            double place = (found.get(i).second - moments[0]) / step;
            int at = Math.clamp(Math.round(place), 0, moments.length - 1);
            double one = value.apply(i, found.get(i));
            result[at] = counts[at] == 0 ? one : reduce == Reduce.MAX ? Math.max(result[at], one) : result[at] + one;
            counts[at]++;
        }
        List<OptionalDouble> points = new ArrayList<>();
        for (int i = 0; i < moments.length; i++) {
            double mean = reduce == Reduce.MEAN ? result[i] / counts[i] : result[i];
            points.add(counts[i] == 0 ? OptionalDouble.empty() : OptionalDouble.of(mean));
        }
        return points;
    }
}
