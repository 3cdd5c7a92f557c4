package io.tcplab.loadgen.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a frame shows: what was read so far, at one moment.
 *
 * @param title the command and what it does it with
 * @param words the plan, in a line
 * @param state what is going on where that is not the recorded part: {@code warming up}; empty = nothing special
 * @param progress how far it is
 * @param gauges rates and numbers of the load
 * @param latencies one line each
 * @param outcomes how connections ended
 * @param kernel what the kernels show, one line each
 * @param events what happened, the newest last
 */
record Scene(
        String title,
        String words,
        String state,
        Progress progress,
        List<Gauge> gauges,
        List<Delay> latencies,
        List<Outcome> outcomes,
        List<KernelLine> kernel,
        List<Event> events) {

    Scene {
        gauges = List.copyOf(gauges);
        latencies = List.copyOf(latencies);
        outcomes = List.copyOf(outcomes);
        kernel = List.copyOf(kernel);
        events = List.copyOf(events);
    }

    /** The same under another title, in another state. */
    Scene with(String otherTitle, String otherState, Progress other) {
        return new Scene(otherTitle, words, otherState, other, gauges, latencies, outcomes, kernel, events);
    }

    /**
     * How far it is.
     *
     * @param seconds since the part that counts began
     * @param fraction that is done, from 0 to 1; absent where the end is not known
     * @param secondsLeft until the end; absent where it is not known
     */
    record Progress(
            double seconds,
            @Nullable Double fraction,
            @Nullable Double secondsLeft) {}

    /**
     * A rate or a number, now and before.
     *
     * @param plan what it should be; absent = no plan says
     * @param missed whether it is far from its plan
     * @param history one value a second, the newest last
     */
    record Gauge(String name, double now, @Nullable Double plan, boolean missed, Series history) {}

    /**
     * A metric's percentiles, in microseconds.
     *
     * @param last of the last second; absent without samples
     * @param all of all that was recorded
     * @param history p99 of each second
     */
    record Delay(String name, @Nullable Percentiles last, Percentiles all, Series history) {}

    /** In microseconds. */
    record Percentiles(double p50, double p99, double p999, double max) {}

    /** How many connections ended so, in all and in the last second. */
    record Outcome(String name, long all, long last, boolean isError) {}

    /**
     * A figure of the kernels.
     *
     * @param client its text for the client's side; a dash where it is not observed
     * @param server its text for the server's side
     * @param alarming whether it shows a loss
     */
    record KernelLine(String name, String client, String server, boolean alarming) {}

    /**
     * Something that happened.
     *
     * @param second since the part that counts began; absent where it did not begin yet
     * @param text what
     * @param advice what to do about it; empty = nothing
     */
    record Event(@Nullable Double second, Kind kind, String text, String advice) {

        /** For its place among others. */
        double when() {
            return second == null ? -1 : second;
        }

        /** The same before the part that counts. */
        Event before() {
            return new Event(null, kind, text, advice);
        }

        enum Kind {
            SAID,
            ACTION,
            WARNING
        }
    }
}
