package io.tcplab.loadgen.rounds;

import io.tcplab.loadgen.plan.CannotRun;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs several plans in rounds, interleaved: every plan once, then every plan again, so that what changes on the machine meanwhile
 * meets all of them alike.
 */
public final class Rounds {

    private final int repeat;
    private final int parallel;
    private final boolean inTurns;

    /** Set by an interruption; volatile: the thread that runs the rounds must see it. */
    private volatile boolean interrupted;

    /**
     * @param repeat rounds of each
     * @param parallel how many may run at the same time; above 1 only counts may be judged, no CPU time and no latency
     */
    public Rounds(int repeat, int parallel) {
        this(repeat, parallel, false);
    }

    /**
     * With every other round in the opposite order, if {@code inTurns}: what changes steadily, such as heat or memory, then favours none.
     */
    public Rounds(int repeat, int parallel, boolean inTurns) {
        this.repeat = repeat;
        this.parallel = parallel;
        this.inTurns = inTurns;
    }

    /** Set when no further round is asked for; volatile: as above. */
    private volatile boolean ending;

    /** Runs one plan once. */
    public interface One<P, R> {
        R run(P plan, int round) throws CannotRun;
    }

    /** Decides after a round, from all results so far, whether there are enough. */
    public interface Enough<R> {
        boolean test(List<List<R>> results);
    }

    /** Begins no further round; the one that runs is its owner's to end. */
    public void interrupt() {
        interrupted = true;
    }

    /** Begins no further round; the one that runs is run to its end, and counts. */
    public void endAfterThisRound() {
        ending = true;
    }

    /** Returns what each plan gave in each round; a round that an interruption left unfinished counts for none. */
    public <P, R> List<List<R>> run(List<P> plans, One<P, R> one) throws CannotRun {
        return run(plans, one, _ -> false);
    }

    /** The same, until there are enough rounds. */
    public <P, R> List<List<R>> run(List<P> plans, One<P, R> one, Enough<R> enough) throws CannotRun {
        List<List<R>> results = new ArrayList<>();
        plans.forEach(_ -> results.add(new ArrayList<>()));
        try (ExecutorService workers = Executors.newFixedThreadPool(parallel)) {
            boolean done = false;
            for (int round = 1; round <= repeat && !interrupted && !ending && !done; round++) {
                boolean backwards = inTurns && round % 2 == 0;
                List<R> row = row(workers, backwards ? plans.reversed() : plans, one, round);
                row = backwards ? row.reversed() : row;
                for (int i = 0; i < row.size() && row.size() == plans.size() && !interrupted; i++) {
                    results.get(i).add(row.get(i));
                }
                done = !interrupted && enough.test(results);
            }
        }
        return results;
    }

    private <P, R> List<R> row(ExecutorService workers, List<P> plans, One<P, R> one, int round) throws CannotRun {
        List<Future<R>> running = new ArrayList<>();
        for (P plan : plans) {
            running.add(workers.submit(() -> begin(one, plan, round)));
        }
        List<R> row = new ArrayList<>();
        try {
            for (Future<R> each : running) {
                row.add(each.get());
            }
        } catch (ExecutionException e) {
            running.forEach(each -> each.cancel(false));
            if (interrupted) {
                return List.of();
            }
            if (e.getCause() instanceof CannotRun reason) {
                throw reason;
            }
            throw new IllegalStateException("a round failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException _) {
            interrupted = true;
            Thread.currentThread().interrupt();
        }
        return row;
    }

    private <P, R> R begin(One<P, R> one, P plan, int round) throws CannotRun {
        if (interrupted) {
            throw new CannotRun("Interrupted.");
        }
        return one.run(plan, round);
    }
}
