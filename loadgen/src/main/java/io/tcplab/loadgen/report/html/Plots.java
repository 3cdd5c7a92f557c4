package io.tcplab.loadgen.report.html;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tcplab.kernel.Side;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.result.FinishedRun;
import io.tcplab.loadgen.result.Measured;
import io.tcplab.loadgen.result.RunNames;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.Timeline;
import io.tcplab.loadgen.result.TimelineWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Makes the plots' figures from a run's files, thinned out so that a page stays small whatever the run's length. */
final class Plots {

    private static final int POINTS_ON_A_PAGE = 400;
    private static final int POINTS_PER_DECADE = 10;
    private static final double MOST_SAMPLES = 1e9;

    /**
     * One plot as the page's script reads it.
     *
     * @param kind {@code percentile}, {@code line} or {@code stacked}
     * @param unit {@code micros} or {@code count}
     * @param sync plots with the same word share a cursor
     */
    record Plot(String kind, String unit, String sync, List<Double> x, List<Series> series) {
        boolean isEmpty() {
            return series.isEmpty() || x.isEmpty();
        }
    }

    /** One line of a plot; a missing value is null. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Series(
            String name,
            List<@Nullable Double> y,
            @Nullable Boolean dashed,
            @Nullable Integer colour) {
        Series(String name, List<@Nullable Double> y) {
            this(name, y, null, null);
        }
    }

    private final FinishedRun run;
    private final Timeline timeline;
    private final String sync;

    /** The plots of one of {@code runs} runs on a page, which is called {@code name} there. */
    Plots(FinishedRun run, String name, int runs) throws IOException {
        this.run = run;
        this.timeline = run.timeline(Math.max(60, POINTS_ON_A_PAGE / runs));
        this.sync = name;
    }

    /** The word under which a cursor and marks are shared. */
    String name() {
        return sync;
    }

    /** What happened when. */
    List<Marks.Mark> marks() {
        return Marks.of(run.summary(), timeline);
    }

    /** The latency at each percentile, for each member of each run's mix; x is 1 / (1 − percentile). */
    static Plot percentiles(List<FinishedRun> runs, RunNames names, Metric metric) {
        long most = 0;
        List<Series> series = new ArrayList<>();
        for (FinishedRun run : runs) {
            for (Measured.Mix mix : run.summary().mixes()) {
                Histogram nanos = run.latencies().ofMix(mix.name()).get(metric);
                if (nanos != null && nanos.getTotalCount() > 0) {
                    most = Math.max(most, nanos.getTotalCount());
                    String prefix = runs.size() == 1 ? "" : names.of(run) + " ";
                    series.add(new Series(prefix + mix.name(), atPercentiles(nanos)));
                }
            }
        }
        List<Double> x = percentileAxis(most);
        series.forEach(one -> pad(one.y(), x.size()));
        return new Plot("percentile", "micros", "percentile", x, series);
    }

    private static List<Double> percentileAxis(long samples) {
        List<Double> x = new ArrayList<>();
        for (int i = 0; x.isEmpty() || x.getLast() < Math.min(samples, MOST_SAMPLES); i++) {
            x.add(rounded(Math.pow(10, (double) i / POINTS_PER_DECADE)));
        }
        return x;
    }

    private static List<@Nullable Double> atPercentiles(Histogram nanos) {
        List<@Nullable Double> y = new ArrayList<>();
        for (double x : percentileAxis(nanos.getTotalCount())) {
            y.add(rounded(nanos.getValueAtPercentile(100 * (1 - 1 / x)) / 1000.0));
        }
        return y;
    }

    private static void pad(List<@Nullable Double> y, int size) {
        while (y.size() < size) {
            y.add(null);
        }
    }

    Plot connectionRates() {
        List<Series> series = new ArrayList<>();
        addRate(series, "started", Side.CLIENT, "started", 0);
        addRate(series, "completed", Side.CLIENT, "completed", 2);
        addRate(series, "errors", Side.CLIENT, "errors", 4);
        return line("count", series);
    }

    Plot exchangeRates() {
        List<Series> series = new ArrayList<>();
        addRate(series, "exchanges", Side.CLIENT, "exchanges", 0);
        return line("count", series);
    }

    Plot inFlight() {
        List<Series> series = new ArrayList<>();
        add(series, "in flight", Side.CLIENT, "inFlight", Timeline.Reduce.MAX, false, 0);
        return line("count", series);
    }

    Plot latencies() {
        List<Series> series = new ArrayList<>();
        int colour = 0;
        for (Metric metric : List.of(Metric.CONNECT, Metric.SERVICE, Metric.RESPONSE, Metric.START_DELAY)) {
            String key = metric.key();
            add(series, key + " p50", Side.CLIENT, key + "P50Micros", Timeline.Reduce.MEAN, true, colour);
            add(series, key + " p99", Side.CLIENT, key + "P99Micros", Timeline.Reduce.MAX, false, colour);
            colour++;
        }
        return line("micros", series);
    }

    Plot acceptQueue() {
        List<Series> series = new ArrayList<>();
        add(series, "length", Side.SERVER, "acceptQueueLength", Timeline.Reduce.MAX, false, 0);
        add(series, "limit", Side.SERVER, "acceptQueueLimit", Timeline.Reduce.MAX, true, 4);
        add(series, "SYN queue", Side.SERVER, "synQueueLength", Timeline.Reduce.MAX, false, 1);
        return line("count", series);
    }

    Plot timeWait() {
        List<Series> series = new ArrayList<>();
        add(series, Side.CLIENT.word(), Side.CLIENT, "timeWaitCount", Timeline.Reduce.MAX, false, 0);
        add(series, Side.SERVER.word(), Side.SERVER, "timeWaitCount", Timeline.Reduce.MAX, false, 1);
        return line("count", series);
    }

    /** Every state but TIME_WAIT, which would hide the others, and LISTEN. */
    Plot states(Side side) {
        List<Series> series = new ArrayList<>();
        for (Map.Entry<String, String> state : TimelineWriter.states().entrySet()) {
            if (!state.getValue().equals("TIME_WAIT") && !state.getValue().equals("LISTEN")) {
                addState(series, side, state.getValue(), state.getKey());
            }
        }
        return new Plot("stacked", "count", sync, moments(), series);
    }

    private void addState(List<Series> series, Side side, String name, String column) {
        List<OptionalDouble> values = timeline.series(side, column, Timeline.Reduce.MEAN);
        if (values.stream().anyMatch(value -> value.orElse(0) > 0)) {
            series.add(new Series(name, points(values)));
        }
    }

    private void addRate(List<Series> series, String name, Side side, String column, int colour) {
        List<OptionalDouble> values = timeline.rates(side, column);
        if (values.stream().anyMatch(OptionalDouble::isPresent)) {
            series.add(new Series(name, points(values), null, colour));
        }
    }

    private void add(
            List<Series> series,
            String name,
            Side side,
            String column,
            Timeline.Reduce reduce,
            boolean dashed,
            int colour) {
        List<OptionalDouble> values = timeline.series(side, column, reduce);
        if (values.stream().anyMatch(OptionalDouble::isPresent)) {
            series.add(new Series(name, points(values), dashed ? true : null, colour));
        }
    }

    private Plot line(String unit, List<Series> series) {
        return new Plot("line", unit, sync, moments(), series);
    }

    private List<Double> moments() {
        List<Double> x = new ArrayList<>();
        for (double moment : timeline.moments()) {
            x.add(rounded(moment));
        }
        return x;
    }

    private static List<@Nullable Double> points(List<OptionalDouble> values) {
        List<@Nullable Double> points = new ArrayList<>();
        values.forEach(value -> points.add(value.isPresent() ? rounded(value.getAsDouble()) : null));
        return points;
    }

    private static double rounded(double value) {
        return value >= 1000 ? Math.round(value) : Summary.thousandths(value);
    }
}
