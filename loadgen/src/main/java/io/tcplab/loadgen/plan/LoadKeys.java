package io.tcplab.loadgen.plan;

import io.tcplab.loadgen.plan.Load.Arrivals;
import io.tcplab.loadgen.plan.Load.RateSegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys of {@code load}: exactly one of open, closed, hold and requests. */
final class LoadKeys {

    private static final int MOST_CONNECTIONS = 1_000_000;
    private static final int MOST_SEGMENTS = 10_000;

    /** A step, or a stretch of a ramp. */
    private record Leg(double perSecond, long nanos) {}

    private static final Key<Load.Closed, Integer> CONCURRENCY = Key.required(
            "concurrency", Shapes.count(1, MOST_CONNECTIONS), Load.Closed::concurrency, "connections at a time");
    private static final Form<Load.Closed> CLOSED =
            new Form<>(List.of(CONCURRENCY), given -> new Load.Closed(given.of(CONCURRENCY)));

    private static final Key<Load.Hold, Integer> CONNECTIONS = Key.required(
            "connections", Shapes.count(1, MOST_CONNECTIONS), Load.Hold::connections, "how many to hold open");
    private static final Key<Load.Hold, Long> HOLD_RAMP = Key.of(
            "ramp",
            Shapes.nanos(0, Measure.LONGEST_NANOS),
            0L,
            Load.Hold::rampNanos,
            "the time over which they are opened");
    private static final Key<Load.Hold, Long> HOLD_REOPEN = Key.optional(
            "reopen",
            Shapes.nanos(10_000_000, Measure.LONGEST_NANOS),
            Load.Hold::reopenNanos,
            "the time after which a connection that was lost, or could not be opened, is opened again; without it never");
    private static final Form<Load.Hold> HOLD = new Form<>(
            List.of(CONNECTIONS, HOLD_RAMP, HOLD_REOPEN),
            given -> new Load.Hold(given.of(CONNECTIONS), given.of(HOLD_RAMP), given.find(HOLD_REOPEN)));

    private static final Key<Leg, Double> LEG_RATE = rate(false);
    private static final Key<Leg, Double> RAMP_RATE = rate(true);
    private static final Key<Leg, Long> FOR =
            Key.required("for", Shapes.nanos(1, Measure.LONGEST_NANOS), Leg::nanos, "how long, such as 5s");

    private static final Key<Load.Open, Double> RATE =
            Key.optional("rate", new RateShape(false), LoadKeys::constantRate, "new connections per second, constant");
    private static final Key<Load.Open, List<Leg>> STEPS =
            Key.optional("steps", legs(LEG_RATE), open -> legs(open, true), "a sequence of rates");
    private static final Key<Load.Open, List<Leg>> RAMP = Key.optional(
            "ramp",
            legs(RAMP_RATE),
            open -> legs(open, false),
            "each rate is reached linearly from the previous one, the first from 0");
    private static final Key<Load.Open, Arrivals> ARRIVALS = Key.of(
            "arrivals",
            Shapes.word(Arrivals.class),
            Arrivals.CONSTANT,
            Load.Open::arrivals,
            "evenly spaced, or a Poisson process");
    private static final Form<Load.Open> OPEN = new Form<>(List.of(RATE, STEPS, RAMP, ARRIVALS), LoadKeys::open);

    private static final Key<Load.Requests, Double> REQUEST_RATE = Key.required(
            "rate", new RateShape(false), Load.Requests::perSecond, "exchanges per second, over all connections");
    private static final Key<Load.Requests, Integer> KEPT = Key.required(
            "connections",
            Shapes.count(1, MOST_CONNECTIONS),
            Load.Requests::connections,
            "how many are kept open; one that ends is replaced");
    private static final Key<Load.Requests, Arrivals> REQUEST_ARRIVALS = Key.of(
            "arrivals",
            Shapes.word(Arrivals.class),
            Arrivals.CONSTANT,
            Load.Requests::arrivals,
            "evenly spaced, or a Poisson process");
    private static final Form<Load.Requests> REQUESTS = new Form<>(
            List.of(REQUEST_RATE, KEPT, REQUEST_ARRIVALS),
            given -> new Load.Requests(given.of(REQUEST_RATE), given.of(KEPT), given.of(REQUEST_ARRIVALS)));

    static final Choice<Load> SHAPE = new Choice<>(List.of(
            new Choice.Kind<>(
                    "open",
                    Load.Open.class,
                    OPEN,
                    "connections start by the clock, regardless of earlier ones; exactly one of rate, steps and ramp"),
            new Choice.Kind<>("closed", Load.Closed.class, CLOSED, "a connection starts when an earlier one has ended"),
            new Choice.Kind<>("hold", Load.Hold.class, HOLD, "connections that stay open until the run ends"),
            new Choice.Kind<>(
                    "requests",
                    Load.Requests.class,
                    REQUESTS,
                    "exchanges start by the clock, over connections that are kept;"
                            + " exchanges and think of the mix are without effect")));

    private LoadKeys() {}

    private static Key<Leg, Double> rate(boolean zero) {
        return Key.required("rate", new RateShape(zero), Leg::perSecond, "a rate such as 1000/s");
    }

    private static Shape<List<Leg>> legs(Key<Leg, Double> rate) {
        Form<Leg> leg = new Form<>(List.of(rate, FOR), given -> new Leg(given.of(rate), given.of(FOR)));
        return new ListOf<>(leg, 1, MOST_SEGMENTS);
    }

    private static Load.Open open(Given given) {
        List<String> kinds = List.of(RATE.name(), STEPS.name(), RAMP.name());
        long number = kinds.stream().filter(given::has).count();
        if (number != 1) {
            throw given.whole()
                    .shape("must have exactly one of rate, steps and ramp, not " + (number == 0 ? "none" : number)
                            + " of them");
        }
        Double rate = given.find(RATE);
        List<Leg> steps = given.find(STEPS);
        List<Leg> ramp = given.find(RAMP);
        Arrivals arrivals = given.of(ARRIVALS);
        if (ramp != null) {
            refuseStandstill(given.near(RAMP), ramp);
            return new Load.Open(ramp(ramp), arrivals);
        }
        if (steps != null) {
            return new Load.Open(
                    steps.stream()
                            .map(leg -> new RateSegment(leg.perSecond(), leg.perSecond(), leg.nanos()))
                            .toList(),
                    arrivals);
        }
        return new Load.Open(List.of(constant(rate == null ? 0 : rate)), arrivals);
    }

    /** A ramp may come down to nothing; between two zeros nothing would ever start. */
    private static void refuseStandstill(Value list, List<Leg> ramp) {
        double previous = 0;
        for (int i = 0; i < ramp.size(); i++) {
            if (previous == 0 && ramp.get(i).perSecond() == 0) {
                throw list.items()
                        .get(i)
                        .field("rate")
                        .meaning("the rate must be above 0 because the previous one is 0");
            }
            previous = ramp.get(i).perSecond();
        }
    }

    private static List<RateSegment> ramp(List<Leg> ramp) {
        List<RateSegment> segments = new ArrayList<>();
        double previous = 0;
        for (Leg leg : ramp) {
            segments.add(new RateSegment(previous, leg.perSecond(), leg.nanos()));
            previous = leg.perSecond();
        }
        return segments;
    }

    private static RateSegment constant(double rate) {
        return new RateSegment(rate, rate, Long.MAX_VALUE);
    }

    private static @Nullable Double constantRate(Load.Open open) {
        RateSegment only = open.segments().getFirst();
        return open.segments().size() == 1 && only.lengthNanos() == Long.MAX_VALUE ? only.toPerSecond() : null;
    }

    /** A last segment without end is {@link #holdLastRate}'s addition. */
    private static @Nullable List<Leg> legs(Load.Open open, boolean steps) {
        boolean level = open.segments().stream().allMatch(each -> each.fromPerSecond() == each.toPerSecond());
        if (constantRate(open) != null || level != steps) {
            return null;
        }
        return open.segments().stream()
                .filter(each -> each.lengthNanos() != Long.MAX_VALUE)
                .map(each -> new Leg(each.toPerSecond(), each.lengthNanos()))
                .toList();
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
