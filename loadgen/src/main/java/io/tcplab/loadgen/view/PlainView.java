package io.tcplab.loadgen.view;

import io.tcplab.kernel.Printable;
import io.tcplab.loadgen.record.IntervalReading;
import io.tcplab.loadgen.record.LedgerReading;
import io.tcplab.loadgen.record.Metric;
import java.io.PrintWriter;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** Lines on stderr: what a command says and, where that is asked for, one for each second of a run. */
public final class PlainView implements View {

    private final PrintWriter stderr;
    private final boolean eachSecond;

    public PlainView(PrintWriter stderr, boolean eachSecond) {
        this.stderr = stderr;
        this.eachSecond = eachSecond;
    }

    @Override
    public boolean draws() {
        return false;
    }

    @Override
    public RunView begins(Undertaking undertaking) {
        if (!eachSecond) {
            return RunView.UNSEEN;
        }
        String name = Printable.line(undertaking.name());
        return new RunView() {
            @Override
            public void reading(IntervalReading reading) {
                print(line(name, reading));
            }
        };
    }

    /** For example {@code short  3 s  10,012 connections/s  10,010 exchanges/s  4 in flight  0 errors  connect p99 132.1 µs}. */
    static String line(String name, IntervalReading reading) {
        LedgerReading sum = reading.counts().values().stream().reduce(LedgerReading.ZERO, LedgerReading::plus);
        double seconds = Math.max(0.001, (reading.endMillis() - reading.beginMillis()) / 1e3);
        Histogram connects = IntervalReading.together(reading.latencies(), Metric.CONNECT);
        return String.format(
                Locale.ROOT,
                "%s  %.0f s  %,.0f connections/s  %,.0f exchanges/s  %,d in flight  %,d errors  connect p99 %s",
                name,
                reading.beginSeconds() + seconds,
                sum.started() / seconds,
                sum.exchanges() / seconds,
                reading.inFlight(),
                sum.errors(),
                connects == null
                        ? "–"
                        : String.format(Locale.ROOT, "%.1f µs", connects.getValueAtPercentile(99) / 1e3));
    }

    @Override
    public void stage(String sentence, int done, int of) {
        print(sentence);
    }

    @Override
    public void says(String sentence) {
        print(sentence);
    }

    private synchronized void print(String line) {
        stderr.println(line);
        stderr.flush();
    }

    /** Lines cannot be answered: a signal ends what runs. */
    @Override
    public void endsBy(Runnable end) {}

    @Override
    public void close() {}
}
