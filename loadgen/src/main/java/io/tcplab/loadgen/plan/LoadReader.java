package io.tcplab.loadgen.plan;

import io.tcplab.loadgen.plan.Load.Arrivals;
import io.tcplab.loadgen.plan.Load.RateSegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads {@code load}: exactly one of open, closed and hold. */
final class LoadReader {

    static final double HIGHEST_RATE = 10_000_000;
    private static final int MOST_CONNECTIONS = 1_000_000;
    private static final Map<String, Arrivals> ARRIVALS = Words.of(Arrivals.class);

    private LoadReader() {}

    static Load read(Value value) {
        Value only = Section.of(value, "open", "closed", "hold").only();
        return switch (only.path()) {
            case "load.open" -> open(only);
            case "load.closed" -> closed(only);
            default -> hold(only);
        };
    }

    private static Load closed(Value value) {
        Section section = Section.of(value, "concurrency");
        return new Load.Closed(
                section.require("concurrency", "how many connections at a time").count(1, MOST_CONNECTIONS));
    }

    private static Load hold(Value value) {
        Section section = Section.of(value, "connections", "ramp");
        int connections = section.require("connections", "how many to hold").count(1, MOST_CONNECTIONS);
        return new Load.Hold(connections, section.nanos("ramp", 0, 0, Value.LONGEST_NANOS));
    }

    private static Load open(Value value) {
        Section section = Section.of(value, "rate", "steps", "ramp", "arrivals");
        int kinds = (section.has("rate") ? 1 : 0) + (section.has("steps") ? 1 : 0) + (section.has("ramp") ? 1 : 0);
        if (kinds != 1) {
            throw value.shape(
                    "wants exactly one of rate, steps and ramp, not " + (kinds == 0 ? "none" : kinds) + " of them");
        }
        List<RateSegment> segments = section.has("rate")
                ? List.of(constant(section.require("rate", "").rate(0, HIGHEST_RATE)))
                : section.has("steps")
                        ? segments(section.require("steps", ""), false)
                        : segments(section.require("ramp", ""), true);
        return new Load.Open(segments, section.word("arrivals", Arrivals.CONSTANT, ARRIVALS));
    }

    private static RateSegment constant(double rate) {
        return new RateSegment(rate, rate, Long.MAX_VALUE);
    }

    private static List<RateSegment> segments(Value list, boolean ramp) {
        List<RateSegment> segments = new ArrayList<>();
        double previous = 0;
        for (Value element : list.items()) {
            Section section = Section.of(element, "rate", "for");
            Value rateValue = section.require("rate", "a rate such as 1000/s");
            // A ramp may come down to nothing; between two zeros nothing would ever start.
            double rate = rateValue.rate(ramp && previous > 0 ? -1 : 0, HIGHEST_RATE);
            long nanos = section.require("for", "how long, such as 5s").nanos(1, Value.LONGEST_NANOS);
            segments.add(new RateSegment(ramp ? previous : rate, rate, nanos));
            previous = rate;
        }
        if (segments.isEmpty()) {
            throw list.shape("is empty; it wants elements such as {rate: 1000/s, for: 5s}");
        }
        return segments;
    }

    /** Returns the length of steps or ramps, {@link Long#MAX_VALUE} when the load has no end of its own. */
    static long lengthNanos(Load load) {
        if (!(load instanceof Load.Open open) || open.segments().getLast().lengthNanos() == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        return open.segments().stream().mapToLong(RateSegment::lengthNanos).sum();
    }

    /** Returns {@code load} so that its last rate holds to the end of a run that lasts longer than its steps or ramps. */
    static Load holdLastRate(Load load, long durationNanos) {
        if (!(load instanceof Load.Open open) || durationNanos <= lengthNanos(load)) {
            return load;
        }
        double last = open.segments().getLast().toPerSecond();
        List<RateSegment> longer = new ArrayList<>(open.segments());
        if (last > 0) {
            longer.add(constant(last));
        }
        return new Load.Open(longer, open.arrivals());
    }
}
