package io.tcplab.loadgen.limit;

import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Load;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.rounds.LeftoverWait;
import io.tcplab.loadgen.rounds.RoundPlace;
import io.tcplab.loadgen.rounds.RoundRunner;
import io.tcplab.loadgen.rounds.RoundsSession;
import io.tcplab.loadgen.rounds.Where;
import io.tcplab.loadgen.run.BadUsage;
import io.tcplab.loadgen.run.ExitCode;
import io.tcplab.loadgen.run.Isolation;
import io.tcplab.loadgen.run.OrderlyEnd;
import io.tcplab.loadgen.run.Output;
import io.tcplab.loadgen.run.RemoteOptions;
import io.tcplab.loadgen.run.RunDirectory;
import io.tcplab.loadgen.run.RunResult;
import io.tcplab.loadgen.view.View;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A search from a profile to its limit: tries in fresh conditions, files, and what is printed. */
public final class LimitSession {

    private static final long TRY_NANOS = TimeUnit.SECONDS.toNanos(4);
    private static final String WARMUP = "1s";
    private static final long WARMUP_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final double MOST_RATE = 1_000_000;
    private static final double MOST_CONNECTIONS = 1_000_000;
    private static final int MOST_TRIES = 60;

    /** Reads the profile with further overrides. */
    public interface Reader {
        Profile read(List<String> further);
    }

    /**
     * How it is searched.
     *
     * @param most largest value that is tried; absent = a million
     * @param precision how narrow the interval is to be, as a fraction
     * @param repeat how many tries at the limit must hold
     * @param asWritten whether a try lasts as long as the profile says
     * @param where of the tries; absent = in fresh namespaces where that is possible
     */
    public record Search(
            @Nullable Double most,
            double precision,
            int repeat,
            boolean asWritten,
            @Nullable Where where) {
        public Search {
            if (precision < 0.005 || precision > 1) {
                throw new BadUsage("--precision must be from 0.5% to 100%.");
            }
            if (repeat < 1 || repeat > 20) {
                throw new BadUsage("--repeat must be from 1 to 20.");
            }
            if (most != null && most < 1) {
                throw new BadUsage("--most must be at least 1.");
            }
        }
    }

    private final Reader reader;
    private final Search search;
    private final RemoteOptions remote;
    private final Output output;
    private final Profile base;
    private final LimitFigure figure;
    private final List<LimitTry> tries = new ArrayList<>();

    /** Reads the profile; nothing is opened yet. */
    public LimitSession(Reader reader, Search search, RemoteOptions remote, Output output) {
        this.reader = reader;
        this.search = search;
        this.remote = remote;
        this.output = output;
        this.base = reader.read(List.of());
        this.figure = LimitFigure.of(base.load());
    }

    /** Searches. */
    public ExitCode run() throws CannotRun {
        Where where = where();
        try (RoundPlace place = where.open(remote, output.view())) {
            return run(where.isolation(), place);
        }
    }

    private ExitCode run(Isolation where, RoundPlace place) throws CannotRun {
        ResultsDirectory results = RoundsSession.directory(output, "limit-" + base.name());
        RoundRunner runner = new RoundRunner(results.path(), place);
        LeftoverWait leftovers = new LeftoverWait(where, base.target() == null, runner::interrupted);
        double most =
                search.most() == null ? (figure == LimitFigure.RATE ? MOST_RATE : MOST_CONNECTIONS) : search.most();
        LimitSearch bisection = new LimitSearch(1, most, search.precision(), search.repeat() - 1, figure::rounded);
        try (OrderlyEnd end = OrderlyEnd.onSignal();
                View view = output.view()) {
            end.interrupts(runner::interrupt);
            view.endsBy(runner::interrupt);
            LimitSearch.Bracket bracket;
            try {
                bracket = bisection.from(figure.in(base.load()), value -> holds(value, where, runner, leftovers));
            } catch (Interrupted _) {
                output.view().close();
                output.stderr()
                        .println("Interrupted before the limit was found. The tries that ran: " + results.path());
                output.stderr().flush();
                return ExitCode.INTERRUPTED;
            }
            output.view().close();
            Limit limit = Limit.of(figure, bracket, tries, !base.thresholds().isEmpty());
            write(results, limit);
            output.writeJunit(() -> LimitJunit.of(base.name(), limit));
            return exitCode(limit);
        }
    }

    private static final class Interrupted extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** What spoilt a try need not come again: it is made once more. */
    private boolean holds(double value, Isolation where, RoundRunner runner, LeftoverWait leftovers) throws CannotRun {
        LimitTry first = tried(value, where, runner, leftovers);
        return first.spoilt() ? tried(value, where, runner, leftovers).held() : first.held();
    }

    private LimitTry tried(double value, Isolation where, RoundRunner runner, LeftoverWait leftovers) throws CannotRun {
        if (tries.size() >= MOST_TRIES) {
            throw new CannotRun("The limit was not found within " + MOST_TRIES
                    + " tries: the results vary too much. Use longer tries (--duration) or a coarser --precision.");
        }
        output.view().stage(title(value), tries.size(), 0);
        leftovers.awaitFew();
        List<String> further = new ArrayList<>(List.of(figure.set(value)));
        // Actions stand at their times in the profile's duration.
        if (!search.asWritten() && base.actions().isEmpty()) {
            further.addAll(shortened());
        }
        Profile profile = reader.read(further);
        RunResult result = runner.run(profile, where, figure.key() + "-" + (long) value, tries.size() + 1);
        if (runner.interrupted()) {
            throw new Interrupted();
        }
        LimitTry done = LimitTry.of(figure, value, profile.warmupNanos(), result.summary(), result.directory());
        tries.add(done);
        output.view()
                .says("try " + tries.size() + ": " + figure.key() + " " + value + " "
                        + (done.held() ? "held" : "did not hold: " + String.join(", ", done.missed())));
        return done;
    }

    private String title(double value) {
        return "try " + (tries.size() + 1) + ": " + figure.key() + " " + InWords.rate(value);
    }

    private List<String> shortened() {
        List<String> shorter = new ArrayList<>();
        // Connections that are opened over a time are to be held for a while after it.
        long nanos = TRY_NANOS + (base.load() instanceof Load.Hold hold ? hold.rampNanos() : 0);
        if (base.durationNanos() > nanos) {
            shorter.add("duration=" + TimeUnit.NANOSECONDS.toMillis(nanos) + "ms");
        }
        if (base.warmupNanos() > WARMUP_NANOS) {
            shorter.add("warmup=" + WARMUP);
        }
        return shorter;
    }

    private void write(ResultsDirectory results, Limit limit) throws CannotRun {
        try {
            results.write("limit.json", limit.json());
            results.write("limit.txt", limit.text());
        } catch (IOException e) {
            output.print(limit::text, limit::json);
            throw new CannotRun(
                    "The result cannot be written to " + results.path() + ": " + e.getMessage()
                            + "; free space or use --out.",
                    e);
        }
        RunDirectory.release(results.path());
        output.print(() -> limit.text() + "\nTries and limit.json: " + results.path() + "\n", limit::json);
    }

    private static ExitCode exitCode(Limit limit) {
        if (!limit.found() && !limit.nothingIsKnown()) {
            return ExitCode.NOT_MET;
        }
        return limit.isOurOwn() ? ExitCode.NOT_TO_BE_BELIEVED : ExitCode.FINE;
    }

    private Where where() {
        Where asked = search.where();
        if (asked != null) {
            return asked;
        }
        return base.target() == null && UserNamespace.obstacle().isEmpty() ? Where.NETNS : Where.NONE;
    }
}
