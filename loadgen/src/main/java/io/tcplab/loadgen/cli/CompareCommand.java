package io.tcplab.loadgen.cli;

import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.loadgen.compare.ComparedFigure;
import io.tcplab.loadgen.compare.Comparison;
import io.tcplab.loadgen.compare.ComparisonJson;
import io.tcplab.loadgen.compare.ComparisonText;
import io.tcplab.loadgen.compare.Contender;
import io.tcplab.loadgen.compare.Contestants;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.rounds.RoundRunner;
import io.tcplab.loadgen.run.RunRequest;
import io.tcplab.loadgen.run.RunResult;
import io.tcplab.loadgen.tune.ComparisonHtml;
import io.tcplab.loadgen.watch.Leftovers;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** The same work under two or more profiles, or under each member of one profile's mix. */
@Command(
        name = "compare",
        description = {
            "Runs two or more profiles, or the members of one profile's mix, in interleaved rounds, and tells which figures differ"
                    + " beyond noise.",
        },
        mixinStandardHelpOptions = true)
final class CompareCommand implements Callable<Integer> {

    private static final int USUAL_REPEAT = 5;
    private static final long ROUND_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long WARMUP_NANOS = TimeUnit.SECONDS.toNanos(1);

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(paramLabel = "PROFILE", arity = "1..*", description = "Profiles; of one, its mix members compete.")
    private List<Path> files = List.of();

    @Mixin
    private ProfileOptions options;

    @Option(
            names = "--repeat",
            paramLabel = "N",
            description =
                    "Rounds of each; by default 5, and 6 of three contenders: with fewer nothing can be told from noise.")
    private @Nullable Integer repeat;

    @Option(
            names = "--isolate",
            paramLabel = "none|netns",
            description = "Where the rounds run; by default each in fresh network namespaces where that is possible.")
    private RunRequest.@Nullable Isolation isolation;

    @Option(names = "--out", paramLabel = "DIR", description = "Write the result into this directory.")
    private @Nullable Path out;

    @Option(names = "--json", description = "Print compare.json on stdout, and nothing else.")
    private boolean json;

    @Option(names = "--quiet", description = "Print nothing but errors.")
    private boolean quiet;

    @Override
    public Integer call() throws CannotRun {
        if (repeat != null && repeat < 1) {
            throw new ParameterException(spec.commandLine(), "--repeat wants at least 1");
        }
        List<Profile> profiles = new ArrayList<>();
        for (Path file : files) {
            profiles.add(options.read(file));
        }
        Map<String, Profile> plans = Contestants.of(profiles);
        if (plans.size() < 2) {
            throw new ParameterException(
                    spec.commandLine(),
                    files.getFirst() + " has one member in its mix: name another profile to compare it with");
        }
        boolean asWritten = spec.commandLine().getParseResult().hasMatchedOption("--duration");
        plans.replaceAll((_, plan) -> asWritten ? plan : Contestants.round(plan, WARMUP_NANOS, ROUND_NANOS));
        RunRequest.Isolation where = where(plans);
        ResultsDirectory results = RoundsOnTerminal.directory(out, "compare-" + String.join("-", plans.keySet()));
        return compare(plans, where, results);
    }

    private RunRequest.Isolation where(Map<String, Profile> plans) throws CannotRun {
        boolean foreign = plans.values().stream().anyMatch(plan -> plan.target() != null);
        RunRequest.Isolation where = isolation;
        if (where == null) {
            boolean possible = !foreign && UserNamespace.obstacle().isEmpty();
            where = possible ? RunRequest.Isolation.NETNS : RunRequest.Isolation.NONE;
        }
        if (where != RunRequest.Isolation.NONE) {
            RunCommand.enterUserNamespace();
        }
        return where;
    }

    private int compare(Map<String, Profile> plans, RunRequest.Isolation where, ResultsDirectory results)
            throws CannotRun {
        List<String> names = List.copyOf(plans.keySet());
        RoundRunner runner = new RoundRunner(results.path());
        LeftoverWait leftovers = new LeftoverWait(where, runner::interrupted);
        Leftovers before = Leftovers.read(0, 1);
        int most = repeat == null ? Math.max(USUAL_REPEAT, Comparison.fewestRounds(names.size())) : repeat;
        RoundsOnTerminal rounds = new RoundsOnTerminal(spec.commandLine().getErr(), most, json || quiet, runner);
        List<List<RunResult>> all = rounds.run(names, 1, (name, round) -> {
            leftovers.awaitFew();
            return runner.run(Objects.requireNonNull(plans.get(name)), where, name, round);
        });
        if (all.stream().anyMatch(List::isEmpty)) {
            return rounds.tooEarly(results);
        }
        List<Contender> contenders = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            contenders.add(new Contender(
                    names.get(i),
                    all.get(i).stream()
                            .map(each -> ComparedFigure.of(each.summary()))
                            .toList()));
        }
        Comparison comparison = Comparison.of(contenders);
        List<String> notes = new ArrayList<>(List.of(RoundsOnTerminal.before(before)));
        notes.addAll(leftovers.notes());
        notes.addAll(rounds.interruption(all));
        notes.addAll(RoundsOnTerminal.doubts(names, all));
        String written = ComparisonJson.write(comparison, notes, before);
        String text = ComparisonText.render(comparison, notes);
        RoundsOnTerminal.write(results, "compare.json", written);
        RoundsOnTerminal.write(results, "compare.txt", text);
        RoundsOnTerminal.writePage(
                results, () -> ComparisonHtml.of(comparison, notes, RoundsOnTerminal.directories(names, all)));
        PrintWriter stdout = spec.commandLine().getOut();
        if (json) {
            stdout.print(written);
        } else if (!quiet) {
            stdout.print(text);
            stdout.println("\nRounds, compare.json and report.html: " + results.path());
        }
        stdout.flush();
        rounds.end();
        return rounds.exitCode(all).code();
    }
}
