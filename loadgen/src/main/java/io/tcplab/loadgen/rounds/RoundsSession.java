package io.tcplab.loadgen.rounds;

import io.tcplab.loadgen.judge.warning.ActionFailed;
import io.tcplab.loadgen.judge.warning.RunWarning;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.report.text.JunitReport;
import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.Verdict;
import io.tcplab.loadgen.run.ExitCode;
import io.tcplab.loadgen.run.OrderlyEnd;
import io.tcplab.loadgen.run.Output;
import io.tcplab.loadgen.run.RunDirectory;
import io.tcplab.loadgen.run.RunResult;
import io.tcplab.loadgen.watch.Leftovers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Rounds as a command runs them: each is announced on stderr, a signal ends them in order, and what cannot be believed is said. */
public final class RoundsSession {

    private final Output output;
    private final int repeat;
    private final RoundRunner runner;
    private final ResultsDirectory results;

    /** Set when no further round is asked for; volatile: as above. */
    private volatile boolean endedByKey;

    /** How many rounds have begun; guarded by this. */
    private int begun;

    /** Set by a signal; volatile: the command's thread decides the exit code by it. */
    private volatile boolean interrupted;

    /** {@code repeat} rounds of each, with files below {@code results}. */
    public RoundsSession(Output output, int repeat, ResultsDirectory results, RoundPlace place) {
        this.output = output;
        this.repeat = repeat;
        this.results = results;
        this.runner = new RoundRunner(results.path(), place);
    }

    /** Runs each plan once a round, {@code parallel} at a time; {@code end} is told what a signal interrupts. */
    public <P> List<List<RunResult>> run(List<P> plans, int parallel, OrderlyEnd end, Rounds.One<P, RunResult> one)
            throws CannotRun {
        return run(plans, new Rounds(repeat, parallel), end, one, _ -> false);
    }

    /** Runs each plan once a round, in turns, until there are enough. */
    public <P> List<List<RunResult>> runInTurns(
            List<P> plans, OrderlyEnd end, Rounds.One<P, RunResult> one, Rounds.Enough<RunResult> enough)
            throws CannotRun {
        return run(plans, new Rounds(repeat, 1, true), end, one, enough);
    }

    private <P> List<List<RunResult>> run(
            List<P> plans, Rounds rounds, OrderlyEnd end, Rounds.One<P, RunResult> one, Rounds.Enough<RunResult> enough)
            throws CannotRun {
        Runnable interrupt = () -> {
            interrupted = true;
            rounds.interrupt();
            runner.interrupt();
        };
        end.interrupts(interrupt);
        output.view().endsBy(() -> {
            endedByKey = true;
            rounds.endAfterThisRound();
            output.view().endsBy(interrupt);
        });
        return rounds.run(
                plans,
                (plan, round) -> {
                    announce(plan, round, plans.size());
                    return one.run(plan, round);
                },
                enough);
    }

    public RoundRunner runner() {
        return runner;
    }

    private synchronized <P> void announce(P plan, int round, int plans) {
        output.view().stage("round " + round + " of " + repeat + ": " + plan, begun++, repeat * plans);
    }

    /** Interrupted before each had run once: there is nothing to compare, but what ran is written. */
    public ExitCode tooEarly() {
        output.view().close();
        output.stderr()
                .println(
                        "Interrupted before each contender had run once: there is nothing to compare yet. The rounds that ran: "
                                + results.path());
        output.stderr().flush();
        return ExitCode.INTERRUPTED;
    }

    /** That fewer rounds than asked for were run, if so. */
    public List<String> interruption(List<List<RunResult>> all) {
        int ran = all.stream().mapToInt(List::size).min().orElse(0);
        return interrupted || endedByKey
                ? List.of((interrupted ? "interrupted: " : "ended early: ") + ran + " of " + repeat
                        + " rounds are in this result.")
                : List.of();
    }

    public ExitCode exitCode(List<List<RunResult>> all) {
        if (interrupted) {
            return ExitCode.INTERRUPTED;
        }
        boolean believed = all.stream()
                .flatMap(List::stream)
                .allMatch(each -> each.summary().valid());
        return believed ? ExitCode.FINE : ExitCode.NOT_TO_BE_BELIEVED;
    }

    /** What was there before the first round. */
    public static String before(Leftovers before) {
        return String.format(
                Locale.ROOT,
                "before the first round, this host's namespace had %,d TIME_WAITs, and the load average was %.2f on %d CPUs.",
                before.timeWait(),
                before.load(),
                before.cpus());
    }

    /** Which rounds cannot be trusted, and why; each reason once. */
    public static List<String> doubts(List<String> names, List<List<RunResult>> all) {
        List<String> doubts = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            Set<String> reasons = new TreeSet<>();
            int doubtful = 0;
            for (RunResult round : all.get(i)) {
                if (!round.summary().valid()) {
                    doubtful++;
                    round.summary().warnings().stream()
                            .map(Verdict.Warning::code)
                            .forEach(reasons::add);
                }
            }
            if (doubtful > 0) {
                doubts.add(doubtful + " of " + all.get(i).size() + " rounds of " + names.get(i) + " cannot be trusted ("
                        + String.join(", ", reasons) + "): see their summary.json.");
            }
        }
        return doubts;
    }

    /** In which rounds an action failed, with the reason of the first: what they lost to it is not what it costs. */
    public static List<String> failedActions(List<String> names, List<List<RunResult>> all) {
        List<String> notes = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            List<Verdict.Warning> failed = all.get(i).stream()
                    .flatMap(round -> round.summary().warnings().stream()
                            .filter(warning -> warning.code().equals(RunWarning.codeOf(ActionFailed.class)))
                            .limit(1))
                    .toList();
            if (!failed.isEmpty()) {
                notes.add("an action failed in " + failed.size() + " of "
                        + all.get(i).size() + " rounds of "
                        + names.get(i) + ", so what these lost shows nothing of its cost. "
                        + failed.getFirst().message());
            }
        }
        return notes;
    }

    /** The directory that the rounds are written below. */
    public static ResultsDirectory directory(Output output, String name) throws CannotRun {
        return RunDirectory.of(output.directory(), Path.of("results"), name);
    }

    /** Makes a page. */
    public interface Page {
        String text() throws IOException;
    }

    /** What the rounds came to: {@code <name>.json}, {@code <name>.txt}, the page, and what goes to stdout. */
    public void write(String name, String json, String text, Page page) throws CannotRun {
        output.view().close();
        try {
            results.write(name + ".json", json);
            results.write(name + ".txt", text);
            results.write(ResultsDirectory.REPORT, page.text());
        } catch (IOException e) {
            output.print(() -> text, () -> json);
            throw new CannotRun(
                    "The result cannot be written to " + results.path() + ": " + e.getMessage()
                            + "; free space or use --out.",
                    e);
        }
        RunDirectory.release(results.path());
        output.print(() -> text + "\nRounds, " + name + ".json and report.html: " + results.path() + "\n", () -> json);
    }

    /** The JUnit XML report: a case for each plan, in error when a round of it cannot be trusted. */
    public void writeJunit(String name, List<String> names, List<List<RunResult>> all) throws CannotRun {
        List<JunitReport.Case> cases = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            List<String> doubt = doubts(names.subList(i, i + 1), all.subList(i, i + 1));
            cases.add(new JunitReport.Case(
                    "all rounds of " + names.get(i) + " are valid",
                    "error",
                    doubt.isEmpty() ? null : doubt.getFirst()));
        }
        Summary first = all.getFirst().getFirst().summary();
        output.writeJunit(() -> JunitReport.of(name, first.startedAt(), 0, cases));
    }

    /** Where each one's rounds are, by name. */
    public static Map<String, List<Path>> directories(List<String> names, List<List<RunResult>> all) {
        Map<String, List<Path>> directories = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            directories.put(
                    names.get(i), all.get(i).stream().map(RunResult::directory).toList());
        }
        return directories;
    }
}
