package io.tcplab.loadgen.cli;

import io.tcplab.kernel.Printable;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.IntervalReading;
import io.tcplab.loadgen.record.LedgerReading;
import io.tcplab.loadgen.record.Metric;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/** Shows on stderr how a run goes on: a line that is written anew each second on a terminal, nothing elsewhere. */
final class LiveLine implements Consumer<IntervalReading> {

    private final PrintWriter err;
    private final boolean live;

    /** Whether a line is printed each second where there is no terminal. */
    private final boolean plain;

    private final String name;

    LiveLine(Profile profile, boolean silent) {
        this(profile, silent, false);
    }

    private LiveLine(Profile profile, boolean silent, boolean elsewhereToo) {
        this.err = Terminal.obeyedStderr();
        this.name = Printable.line(profile.name());
        this.live = !silent && Terminal.isInteractive();
        this.plain = !silent && !live && elsewhereToo;
    }

    /** One that prints a line each second where there is no terminal, for the log of an engine. */
    static LiveLine everywhere(Profile profile, boolean silent) {
        return new LiveLine(profile, silent, true);
    }

    @Override
    public void accept(IntervalReading reading) {
        if (!live && !plain) {
            return;
        }
        LedgerReading sum = reading.counts().values().stream().reduce(LedgerReading.ZERO, LedgerReading::plus);
        double seconds = Math.max(0.001, (reading.endMillis() - reading.beginMillis()) / 1e3);
        err.printf(
                Locale.ROOT,
                "%s%s  %.0f s  %,.0f connections/s  %,.0f exchanges/s  %,d in flight  %,d errors  connect p99 %s%s",
                live ? "\r\u001b[K" : "",
                name,
                reading.beginSeconds() + seconds,
                sum.started() / seconds,
                sum.exchanges() / seconds,
                reading.inFlight(),
                sum.errors(),
                connectP99(reading),
                live ? "" : "\n");
        err.flush();
    }

    private static String connectP99(IntervalReading reading) {
        long worst = 0;
        for (Map<Metric, Histogram> member : reading.latencies().values()) {
            Histogram connects = member.get(Metric.CONNECT);
            if (connects != null) {
                worst = Math.max(worst, connects.getValueAtPercentile(99));
            }
        }
        return worst == 0 ? "–" : String.format(Locale.ROOT, "%.1f µs", worst / 1e3);
    }

    /** Clears the line before the report is printed. */
    void end() {
        if (live) {
            err.print("\r\u001b[K");
            err.flush();
        }
    }
}
