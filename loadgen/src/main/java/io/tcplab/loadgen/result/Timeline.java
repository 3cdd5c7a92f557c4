package io.tcplab.loadgen.result;

import io.tcplab.kernel.Side;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A {@code timeline.csv} reduced to a bounded number of points, evenly over the run, whatever the run's length: each row counts for the
 * point that is nearest to it.
 */
public final class Timeline {

    /** How the values of several intervals become one point. */
    public enum Reduce {
        MEAN,
        MAX
    }

    private record Key(Side side, String column) {}

    private final double[] moments;
    private final Map<Key, Points> columns = new HashMap<>();

    private Timeline(double[] moments) {
        this.moments = moments;
    }

    /** A run without a timeline. */
    public static Timeline empty() {
        return new Timeline(new double[] {0});
    }

    /** Reads the file twice: once for its extent, once for its values. Holds {@code most} points of each column. */
    public static Timeline read(Path file, int most) throws IOException {
        Timeline timeline = new Timeline(moments(file, most));
        try (TimelineReader rows = TimelineReader.all(file)) {
            for (TimelineReader.Row row = rows.next(); row != null; row = rows.next()) {
                timeline.add(row);
            }
        }
        timeline.columns.values().forEach(Points::end);
        return timeline;
    }

    private static double[] moments(Path file, int most) throws IOException {
        double first = Double.POSITIVE_INFINITY;
        double last = Double.NEGATIVE_INFINITY;
        Set<Double> distinct = new HashSet<>();
        try (TimelineReader rows = TimelineReader.all(file)) {
            for (TimelineReader.Row row = rows.next(); row != null; row = rows.next()) {
                first = Math.min(first, row.second());
                last = Math.max(last, row.second());
                if (distinct.size() < most) {
                    distinct.add(row.second());
                }
            }
        }
        double[] moments = new double[Math.max(1, distinct.size())];
        double step = moments.length < 2 ? 0 : (last - first) / (moments.length - 1);
        for (int i = 0; i < moments.length; i++) {
            moments[i] = distinct.isEmpty() ? 0 : first + i * step;
        }
        return moments;
    }

    private void add(TimelineReader.Row row) {
        double step = moments.length < 2 ? 1 : moments[1] - moments[0];
        int at = Math.clamp(Math.round((row.second() - moments[0]) / step), 0, moments.length - 1);
        row.cells()
                .forEach((column, value) -> columns.computeIfAbsent(
                                new Key(row.side(), column), _ -> new Points(moments.length))
                        .add(at, row.second(), value));
    }

    /** The moments at which points are put, seconds. */
    public double[] moments() {
        return moments.clone();
    }

    /** One value for each moment, from the rows that are nearest to it; absent where there are none. */
    public List<OptionalDouble> series(Side side, String column, Reduce reduce) {
        Points points = columns.get(new Key(side, column));
        return points(points, reduce == Reduce.MAX ? Points::max : Points::mean);
    }

    /** The same for counts per interval, as a rate per second. */
    public List<OptionalDouble> rates(Side side, String column) {
        return points(columns.get(new Key(side, column)), Points::rate);
    }

    private interface Figure {
        double of(Points points, int at);
    }

    private List<OptionalDouble> points(@Nullable Points points, Figure figure) {
        List<OptionalDouble> series = new ArrayList<>();
        for (int i = 0; i < moments.length; i++) {
            series.add(
                    points == null || points.rows[i] == 0
                            ? OptionalDouble.empty()
                            : OptionalDouble.of(figure.of(points, i)));
        }
        return series;
    }

    /** One column of one side. The length of an interval is known when the next one comes; the last is as long as the one before. */
    private static final class Points {

        private final int[] rows;
        private final double[] sums;
        private final double[] greatest;
        private final double[] seconds;
        private int latestAt = -1;
        private double latestSecond;
        private double length = 1;

        private Points(int size) {
            rows = new int[size];
            sums = new double[size];
            greatest = new double[size];
            seconds = new double[size];
        }

        private void add(int at, double second, double value) {
            if (latestAt >= 0) {
                length = second > latestSecond ? second - latestSecond : length;
                seconds[latestAt] += length;
            }
            latestAt = at;
            latestSecond = second;
            greatest[at] = rows[at] == 0 ? value : Math.max(greatest[at], value);
            sums[at] += value;
            rows[at]++;
        }

        private void end() {
            if (latestAt >= 0) {
                seconds[latestAt] += length;
            }
        }

        private double mean(int at) {
            return sums[at] / rows[at];
        }

        private double max(int at) {
            return greatest[at];
        }

        private double rate(int at) {
            return sums[at] / seconds[at];
        }
    }
}
