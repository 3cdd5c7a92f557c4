package io.tcplab.loadgen.cli;

import io.tcplab.loadgen.compare.CompareSession;
import io.tcplab.loadgen.compare.SavedSession;
import io.tcplab.loadgen.plan.CannotRun;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The same work under two or more profiles, or under each member of one profile's mix. */
@Command(
        name = "compare",
        description = "Runs two or more profiles, or the members of one profile's mix, in interleaved"
                + " rounds, and reports which figures differ by more than noise. With results directories, compares what"
                + " they contain.",
        mixinStandardHelpOptions = true)
final class CompareCommand implements Callable<Integer> {

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
}
