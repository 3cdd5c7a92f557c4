package io.tcplab.loadgen.view;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.judge.warning.RunWarning;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.record.IntervalReading;
import io.tcplab.loadgen.record.LedgerReading;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.view.Scene.Event;
import io.tcplab.loadgen.view.Scene.Gauge;
import io.tcplab.loadgen.view.Scene.Outcome;
import io.tcplab.loadgen.watch.TimelineRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one run has read so far, and the scene that it makes. The sampler's and the observers' threads add, the view's thread reads: each
 * holds the object for well under a millisecond.
 */
final class RunTally implements RunView {

    /** A plan is missed where a second has this much less, or more. */
    private static final double MISSED = 0.05;

    private static final double LEAST_SECONDS = 0.5;

    private static final long NOT_YET = Long.MAX_VALUE;

    private final Undertaking undertaking;
    private final String stage;
    private final DelayTally delays = new DelayTally();
    private final KernelTally kernels = new KernelTally();
    private final PortTally port = new PortTally();
    private final Series connections = new Series();
    private final Series exchanges = new Series();
    private final Series errors = new Series();
    private final Series inFlight = new Series();
    private final EventTally events = new EventTally();
    private LedgerReading all = LedgerReading.ZERO;
    private LedgerReading last = LedgerReading.ZERO;
    private double measuredSeconds;
    private @Nullable Double planned;
    private long recordedFromNanos = NOT_YET;
    private Supplier<List<RunWarning>> judge = List::of;

    RunTally(Undertaking undertaking) {
        this(undertaking, "");
    }

    /** One of several runs, which may be of one profile; {@code stage} says which, where it is not empty. */
    RunTally(Undertaking undertaking, String stage) {
        this.undertaking = undertaking;
        this.stage = stage;
    }

    /** Goes on with what was said and warned of before this run. */
    void takeEvents(RunTally before) {
        EventTally earlier;
        synchronized (before) {
            earlier = before.events.copy();
            before.measured().ifPresent(line -> earlier.says(null, line));
        }
        synchronized (this) {
            events.take(earlier);
        }
    }

    /** What a run has shown, in a line; empty before its first figures, and of a practice round, which is shorter than any other. */
    private Optional<String> measured() {
        if (undertaking.load() == null || measuredSeconds < LEAST_SECONDS) {
            return Optional.empty();
        }
        String response = delays.lines().stream()
                .filter(line -> line.name().equals(Metric.RESPONSE.key()))
                .map(line -> ", response p50 " + InWords.micros(line.all().p50()) + ", p99 "
                        + InWords.micros(line.all().p99()))
                .findFirst()
                .orElse("");
        String errorCount = InWords.count(all.errors()) + (all.errors() == 1 ? " error" : " errors");
        String rate = InWords.rate(all.started() / measuredSeconds) + "/s";
        String which = stage.isEmpty() ? undertaking.name() : stage;
        return Optional.of(which + ": " + rate + response + ", " + errorCount);
    }

    @Override
    public synchronized void recordsFrom(long nanos) {
        recordedFromNanos = nanos;
    }

    @Override
    public synchronized void reading(IntervalReading reading) {
        last = reading.counts().values().stream().reduce(LedgerReading.ZERO, LedgerReading::plus);
        all = all.plus(last);
        double seconds = Math.max(0.001, (reading.endMillis() - reading.beginMillis()) / 1e3);
        measuredSeconds += seconds;
        connections.add(last.started() / seconds);
        exchanges.add(last.exchanges() / seconds);
        errors.add(last.errors() / seconds);
        inFlight.add(reading.inFlight());
        planned = undertaking.plannedConnections(reading.beginSeconds(), reading.beginSeconds() + seconds);
        delays.add(reading);
    }

    @Override
    public synchronized void row(TimelineRow row) {
        TimelineRow.Kernel kernel = row.kernel();
        if (kernel != null) {
            kernels.of(row.side()).add(row.second(), kernel);
            if (row.side() == Side.SERVER && undertaking.load() == null) {
                port.add(row.second(), kernel);
            }
        }
    }

    @Override
    public synchronized void judgedBy(boolean shared, Supplier<List<RunWarning>> soFar) {
        kernels.areOne(shared);
        judge = soFar;
    }

    /** Asks for what the figures so far give cause for: what is known already has its newest figures, and its first time. */
    void judge(long nowNanos) {
        Supplier<List<RunWarning>> asked;
        synchronized (this) {
            asked = judge;
        }
        add(asked.get().stream().map(Warned::of).toList(), nowNanos);
    }

    @Override
    public void warned(List<Warned> soFar) {
        add(soFar, System.nanoTime());
    }

    private synchronized void add(List<Warned> found, long nowNanos) {
        events.warns(second(nowNanos), found);
    }

    /** Adds what was said. */
    synchronized void says(long nowNanos, String sentence) {
        events.says(second(nowNanos), sentence);
    }

    private @Nullable Double second(long nowNanos) {
        return nowNanos < recordedFromNanos ? null : (nowNanos - recordedFromNanos) / 1e9;
    }

    /** How things stand. */
    synchronized Scene scene(String command, long nowNanos) {
        boolean recording = nowNanos >= recordedFromNanos;
        double seconds = recording ? (nowNanos - recordedFromNanos) / 1e9 : 0;
        double ends = undertaking.nanos() / 1e9;
        boolean ending = recording && seconds > ends;
        return new Scene(
                command + "  " + undertaking.name(),
                undertaking.words(),
                recording ? (ending ? "waiting for open connections" : "") : state(nowNanos),
                progress(seconds),
                gauges(),
                delays.lines(),
                outcomes(),
                undertaking.equals(Undertaking.NONE)
                        ? List.of()
                        : kernels.lines(undertaking.load() != null, events.overflowed()),
                events(seconds));
    }

    private String state(long nowNanos) {
        if (recordedFromNanos == NOT_YET) {
            return "starting";
        }
        long left = Math.round((recordedFromNanos - nowNanos) / 1e9 + 0.5);
        return "warming up, " + left + " s left";
    }

    private Scene.Progress progress(double seconds) {
        boolean byTime = undertaking.nanos() != Long.MAX_VALUE;
        boolean byCount = undertaking.connections() != Long.MAX_VALUE;
        double ends = undertaking.nanos() / 1e9;
        double byTheClock = byTime ? seconds / ends : 0;
        double counted = byCount ? all.started() / (double) undertaking.connections() : 0;
        return new Scene.Progress(
                seconds,
                byTime || byCount ? Math.min(1, Math.max(byTheClock, counted)) : null,
                byTime && counted <= byTheClock ? Math.max(0, ends - seconds) : null);
    }

    private List<Gauge> gauges() {
        if (undertaking.equals(Undertaking.NONE)) {
            return List.of();
        }
        if (undertaking.load() == null) {
            return port.gauges();
        }
        return List.of(
                gauge("connections/s", connections, planned),
                gauge("exchanges/s", exchanges, undertaking.plannedExchanges()),
                new Gauge("in flight", inFlight.newest(), undertaking.plannedInFlight(), false, inFlight.copy()),
                new Gauge("errors/s", errors.newest(), null, errors.newest() > 0, errors.copy()));
    }

    private static Gauge gauge(String name, Series series, @Nullable Double plan) {
        double now = series.newest();
        boolean missed = plan != null && series.size() > 0 && Math.abs(now - plan) > MISSED * plan;
        return new Gauge(name, now, plan, missed, series.copy());
    }

    private List<Outcome> outcomes() {
        if (undertaking.load() == null) {
            return List.of();
        }
        List<Outcome> outcomes = new ArrayList<>();
        outcomes.add(new Outcome("started", all.started(), last.started(), false));
        List<Outcome> errors = new ArrayList<>();
        for (ConnectionOutcome outcome : ConnectionOutcome.values()) {
            Outcome line = new Outcome(outcome.key(), all.outcome(outcome), last.outcome(outcome), outcome.isError());
            if (outcome == ConnectionOutcome.COMPLETED) {
                outcomes.add(line);
            } else if (line.all() > 0) {
                errors.add(line);
            }
        }
        errors.sort(Comparator.comparingLong(Outcome::all).reversed());
        outcomes.addAll(errors);
        return outcomes;
    }

    private List<Event> events(double seconds) {
        List<Event> happened = events.all();
        undertaking.actions().stream()
                .filter(action -> recordedFromNanos != NOT_YET && action.atNanos() / 1e9 <= seconds)
                .map(action -> new Event(
                        action.atNanos() / 1e9, Event.Kind.ACTION, action.deed().inWords(), ""))
                .forEach(happened::add);
        happened.sort(Comparator.comparingDouble(Event::when));
        return happened;
    }
}
