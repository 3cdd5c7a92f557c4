package io.tcplab.loadgen.cli;

import io.tcplab.loadgen.limit.LimitSession;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.run.Isolation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The highest load that a target holds. */
@Command(
        name = "limit",
        description = "Finds the highest rate, concurrency or number of held connections at which every threshold is"
                + " met, and reports what ended it.",
        mixinStandardHelpOptions = true)
final class LimitCommand implements Callable<Integer> {

    private static final double PERCENT = 100;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(paramLabel = "PROFILE", description = "The profile; its load is where the search starts.")
    private Path file;

    @Mixin
    private ProfileOptions options;

    @Mixin
    private TargetOptions target;

    @Mixin
    private OutputOptions output;

    @Option(names = "--most", paramLabel = "N", description = "The largest value to try (default: 1000000).")
    private @Nullable Double most;

    @Option(
            names = "--precision",
            paramLabel = "PERCENT",
            defaultValue = "3",
            description = "How narrow the interval must be, in percent (default: ${DEFAULT-VALUE}).")
    private double precision;

    @Option(
            names = "--repeat",
            paramLabel = "N",
            defaultValue = "2",
            description = "How many tries at the limit must hold (default: ${DEFAULT-VALUE}).")
    private int repeat;

    @Option(
            names = "--isolate",
            paramLabel = "none|netns",
            description =
                    "Where the tries run: on this host, or each in fresh network namespaces (the default where possible).")
    private @Nullable Isolation isolation;

    @Override
    public Integer call() throws CannotRun {
        boolean asWritten = spec.commandLine().getParseResult().hasMatchedOption("--duration");
        return new LimitSession(
                        this::read,
                        new LimitSession.Search(most, precision / PERCENT, repeat, asWritten, isolation),
                        target.options(),
                        output.of(spec.commandLine()))
                .run()
                .code();
    }

    private Profile read(List<String> further) {
        List<String> all = new ArrayList<>(options.sets());
        all.addAll(further);
        return options.read(file, all);
    }
}
