package io.tcplab.loadgen.cli;

import io.tcplab.loadgen.compare.CompareSession;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.run.Isolation;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The same work under two or more profiles, or under each member of one profile's mix. */
@Command(
        name = "compare",
        description = "Runs two or more profiles, or the members of one profile's mix, in interleaved"
                + " rounds, and reports which figures differ by more than noise.",
        mixinStandardHelpOptions = true)
final class CompareCommand implements Callable<Integer> {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(
            paramLabel = "PROFILE",
            arity = "1..*",
            description = "The profiles to compare; with only one, the members of its mix, or it and the same without its actions.")
    private List<Path> files = List.of();

    @Mixin
    private ProfileOptions options;

    @Mixin
    private TargetOptions target;

    @Mixin
    private OutputOptions output;

    @Option(
            names = "--repeat",
            paramLabel = "N",
            description =
                    "Exactly so many rounds of each contender, at most 3 s each (as many of 1 s as it takes: 5 to 12 for two"
                            + " contenders; fewer than 5 cannot be distinguished from noise).")
    private @Nullable Integer repeat;

    @Option(
            names = "--find",
            paramLabel = "SHARE",
            defaultValue = "10%",
            converter = ShareOption.class,
            description = "The smallest difference worth finding (10%%): with a smaller one, more rounds may run.")
    private double find;

    @Option(
            names = "--isolate",
            paramLabel = "none|netns",
            description =
                    "Where the rounds run: on this host, or each in fresh network namespaces (the default where possible).")
    private @Nullable Isolation isolation;

    @Override
    public Integer call() throws CannotRun {
        boolean asWritten = spec.commandLine().getParseResult().hasMatchedOption("--duration");
        return new CompareSession(
                        files.stream().map(options::read).toList(),
                        new CompareSession.Rounding(repeat, find, asWritten, isolation),
                        target.options(),
                        output.of(spec.commandLine()))
                .run()
                .code();
    }
}
