package io.tcplab.loadgen.cli;

import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.rounds.RoundRunner;
import io.tcplab.loadgen.rounds.Rounds;
import io.tcplab.loadgen.run.RunResult;
import io.tcplab.loadgen.watch.Leftovers;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Rounds as a command runs them: each is told on stderr, Ctrl-C ends them in order, and what cannot be believed is said. */
final class RoundsOnTerminal {

    private static final long LAST_WORDS_SECONDS = 20;

    private final PrintWriter err;
    private final int repeat;
    private final boolean silent;
    private final RoundRunner runner;
    private final CountDownLatch finished = new CountDownLatch(1);

    /** Set by the shutdown hook; volatile: the command's thread decides the exit code by it. */
    private volatile boolean interrupted;

    RoundsOnTerminal(PrintWriter err, int repeat, boolean silent, RoundRunner runner) {
        this.err = err;
        this.repeat = repeat;
        this.silent = silent;
        this.runner = runner;
    }

    <P> List<List<RunResult>> run(List<P> plans, int parallel, Rounds.One<P, RunResult> one) throws CannotRun {
        Rounds rounds = new Rounds(repeat, parallel);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> endInOrder(rounds)));
        return rounds.run(plans, (plan, round) -> {
            tell(plan, round);
            return one.run(plan, round);
        });
    }

    private synchronized <P> void tell(P plan, int round) {
        if (!silent) {
            err.println("round " + round + " of " + repeat + ": " + plan);
            err.flush();
        }
    }

    private void endInOrder(Rounds rounds) {
        if (finished.getCount() == 0) {
            return;
        }
        interrupted = true;
        rounds.interrupt();
        runner.interrupt();
        try {
            boolean _ = finished.await(LAST_WORDS_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Everything is written: an interruption need not wait any longer. */
    void end() {
        finished.countDown();
    }

    /** Interrupted before each had run once: there is nothing to compare, but what ran is written. */
    int tooEarly(ResultsDirectory results) {
        err.println("Interrupted before each had run once: there is nothing to compare yet. The rounds that ran: "
                + results.path());
        err.flush();
        end();
        return ExitCode.INTERRUPTED.code();
    }

    /** That fewer rounds than wanted were run, if so. */
    List<String> interruption(List<List<RunResult>> all) {
        int ran = all.stream().mapToInt(List::size).min().orElse(0);
        return interrupted
                ? List.of("interrupted: " + ran + " of " + repeat + " rounds are in this result.")
                : List.of();
    }

    ExitCode exitCode(List<List<RunResult>> all) {
        if (interrupted) {
            return ExitCode.INTERRUPTED;
        }
        boolean believed = all.stream()
                .flatMap(List::stream)
                .allMatch(each -> each.summary().valid());
        return believed ? ExitCode.FINE : ExitCode.NOT_TO_BE_BELIEVED;
    }

    /** What was there before the first round. */
    static String before(Leftovers before) {
        return String.format(
                Locale.ROOT,
                "before the first round this host's namespace had %,d TIME_WAITs, and the machine a load of %.2f on %d CPUs.",
                before.timeWait(),
                before.load(),
                before.cpus());
    }

    /** Which rounds are not to be believed, and why; each reason once. */
    static List<String> doubts(List<String> names, List<List<RunResult>> all) {
        List<String> doubts = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            Set<String> reasons = new TreeSet<>();
            int doubtful = 0;
            for (RunResult round : all.get(i)) {
                if (!round.summary().valid()) {
                    doubtful++;
                    round.summary().warnings().stream()
                            .map(Summary.Warning::code)
                            .forEach(reasons::add);
                }
            }
            if (doubtful > 0) {
                doubts.add(doubtful + " of " + all.get(i).size() + " rounds of " + names.get(i)
                        + " are not to be believed (" + String.join(", ", reasons) + "): see their summary.json.");
            }
        }
        return doubts;
    }

    static ResultsDirectory directory(@Nullable Path out, String name) throws CannotRun {
        try {
            return out == null
                    ? ResultsDirectory.create(Path.of("results"), Instant.now(), name)
                    : ResultsDirectory.at(out);
        } catch (IOException e) {
            throw new CannotRun(
                    "The results directory cannot be made: " + e.getMessage() + "; name another with --out.", e);
        }
    }

    static void write(ResultsDirectory results, String name, String text) throws CannotRun {
        try {
            results.write(name, text);
        } catch (IOException e) {
            throw new CannotRun(name + " cannot be written: " + e.getMessage() + "; free space or use --out.", e);
        }
    }

    /** Makes a page. */
    interface Page {
        String text() throws IOException;
    }

    /** As {@link #write}, {@code report.html}. */
    static void writePage(ResultsDirectory results, Page page) throws CannotRun {
        try {
            results.write(ResultsDirectory.REPORT, page.text());
        } catch (IOException e) {
            throw new CannotRun("report.html cannot be written: " + e.getMessage() + "; free space or use --out.", e);
        }
    }

    /** Where each one's rounds are, by name. */
    static Map<String, List<Path>> directories(List<String> names, List<List<RunResult>> all) {
        Map<String, List<Path>> directories = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            directories.put(
                    names.get(i), all.get(i).stream().map(RunResult::directory).toList());
        }
        return directories;
    }
}
