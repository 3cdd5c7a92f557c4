package io.tcplab.loadgen.view;

import io.tcplab.loadgen.view.Scene.Delay;
import io.tcplab.loadgen.view.Scene.Event;
import io.tcplab.loadgen.view.Scene.Gauge;
import io.tcplab.loadgen.view.Scene.KernelLine;
import io.tcplab.loadgen.view.Scene.Outcome;
import io.tcplab.loadgen.view.Scene.Percentiles;
import java.util.List;

/** Scenes for tests. */
final class Scenes {

    private Scenes() {}

    static Series series(double... values) {
        Series series = new Series();
        for (double value : values) {
            series.add(value);
        }
        return series;
    }

    static Series ramp(int seconds, double most) {
        Series series = new Series();
        for (int i = 1; i <= seconds; i++) {
            series.add(most * i / seconds);
        }
        return series;
    }

    /** A run whose server's queue is too short. */
    static Scene overflowing(String name) {
        return new Scene(
                "tcplab run  " + name,
                "open loop, 3,000/s, for 30 s after 1 s of warm-up, tcplab protocol",
                "",
                new Scene.Progress(12.4, 0.413, 17.6),
                List.of(
                        new Gauge("connections/s", 2_412, 3_000.0, true, ramp(12, 3_000)),
                        new Gauge("exchanges/s", 2_390, null, false, ramp(12, 2_400)),
                        new Gauge("in flight", 88, null, false, series(1, 5, 80, 90, 88)),
                        new Gauge("errors/s", 12.5, null, true, series(0, 0, 12.5))),
                List.of(
                        delay("connect", 45.2, ramp(12, 2_000)),
                        delay("response", 99.1, series(90, Double.NaN, 120)),
                        delay("startDelay", 12.0, ramp(12, 40)),
                        delay("teardown", 30.0, ramp(12, 400)),
                        delay("service", 50.0, ramp(12, 80)),
                        delay("lifetime", 150.0, ramp(12, 500)),
                        delay("closeCall", 7.0, ramp(12, 10))),
                List.of(
                        new Outcome("started", 30_218, 2_412, false),
                        new Outcome("completed", 29_900, 2_380, false),
                        new Outcome("timedOut", 207, 12, true),
                        new Outcome("reset", 23, 0, true)),
                List.of(
                        new KernelLine("accept queue", "", "17 of 16", true),
                        new KernelLine("  longest", "", "17", true),
                        new KernelLine("TIME_WAIT", "28,118", "3", false),
                        new KernelLine("retransmits", "622", "4", true),
                        new KernelLine("overflows", "", "812", true),
                        new KernelLine("SYN_RECV", "", "2", false)),
                List.of(
                        new Event(null, Event.Kind.SAID, "198.18.0.2:9000 answers", ""),
                        new Event(
                                2.04,
                                Event.Kind.WARNING,
                                "the accept queue of 198.18.0.2:9000 (java, pid 812) overflowed 812 times: it peaked at 17",
                                "raise the listen() backlog, or accept faster"),
                        new Event(5.0, Event.Kind.ACTION, "run nginx -s reload", "")));
    }

    private static Delay delay(String name, double p50, Series history) {
        return new Delay(
                name,
                new Percentiles(p50, p50 * 4, p50 * 10, p50 * 40),
                new Percentiles(p50, p50 * 5, p50 * 20, p50 * 100),
                history);
    }
}
