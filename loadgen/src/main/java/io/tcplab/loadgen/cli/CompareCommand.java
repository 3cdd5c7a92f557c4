package io.tcplab.loadgen.cli;

import io.tcplab.loadgen.compare.CompareSession;
import io.tcplab.loadgen.compare.SavedSession;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.run.BadUsage;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The same work under two or more profiles, or under each member of one profile's mix. */
@Command(
        name = "compare",
        description = "Runs two or more profiles, or the members of one profile's mix, in interleaved"
                + " rounds, and reports which figures differ by more than noise. With results directories, compares what"
                + " they contain.",
        mixinStandardHelpOptions = true)
final class CompareCommand implements Callable<Integer> {

    /** What has a meaning where nothing is run. */
    private static final Set<String> OF_RESULTS =
            Set.of("--baseline --gate --find --markdown --junit --json --quiet --live --plain --out".split(" "));

    @Spec
    private CommandSpec command;

    @Parameters(
            paramLabel = "PROFILE|DIR",
            arity = "1..*",
            description =
                    "The profiles to compare; with only one, the members of its mix, or it and the same without its"
                            + " actions. Or results directories, of a run or with several in it; the first is the baseline unless"
                            + " --baseline gives one.")
    private List<Path> files = List.of();

    @Mixin
    private LoadOptions load;

    @Mixin
    private RoundOptions rounds;

    @Mixin
    private GateOptions saved;

    @Override
    public Integer call() throws CannotRun {
        if (saved.areResults(files)) {
            refuseWhatRuns();
            return new SavedSession(saved.request(files, rounds.find()), load.output())
                    .run()
                    .code();
        }
        return new CompareSession(
                        files.stream().map(load::read).toList(),
                        rounds.of(load.hasDuration()),
                        load.remote(),
                        saved.ofRounds(),
                        load.output())
                .run()
                .code();
    }

    private void refuseWhatRuns() {
        for (OptionSpec option : command.commandLine().getParseResult().matchedOptionsSet()) {
            if (!OF_RESULTS.contains(option.longestName())) {
                throw new BadUsage(option.longestName()
                        + " has no effect on results that are there already: remove it, or give profiles.");
            }
        }
    }
}
