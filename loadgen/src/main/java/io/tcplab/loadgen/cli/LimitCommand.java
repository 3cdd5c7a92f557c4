package io.tcplab.loadgen.cli;

import io.tcplab.loadgen.limit.LimitSession;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The highest load that a target holds. */
@Command(
        name = "limit",
        description = "Finds the highest rate, concurrency or number of held connections at which every threshold is"
                + " met, and reports what ended it.",
        mixinStandardHelpOptions = true)
final class LimitCommand implements Callable<Integer> {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(paramLabel = "PROFILE", description = "The profile; the search starts at its load.")
    private Path file;

    @Mixin
    private ProfileOptions options;

    @Mixin
    private TargetOptions target;

    @Mixin
    private OutputOptions output;

    @Mixin
    private SearchOptions search;

    @Override
    public Integer call() throws CannotRun {
        boolean asWritten = spec.commandLine().getParseResult().hasMatchedOption("--duration");
        return new LimitSession(this::read, search.of(asWritten), target.options(), output.of(spec.commandLine()))
                .run()
                .code();
    }

    private Profile read(List<String> further) {
        List<String> all = new ArrayList<>(options.sets());
        all.addAll(further);
        return options.read(file, all);
    }
}
