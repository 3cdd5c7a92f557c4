package io.tcplab.loadgen.cli;

import io.tcplab.loadgen.limit.LimitSession;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
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

    @Parameters(paramLabel = "PROFILE", description = "The profile; the search starts at its load.")
    private Path file;

    @Mixin
    private LoadOptions load;

    @Mixin
    private SearchOptions search;

    @Override
    public Integer call() throws CannotRun {
        return new LimitSession(this::read, search.of(load.hasDuration()), load.remote(), load.output())
                .run()
                .code();
    }

    private Profile read(List<String> further) {
        List<String> all = new ArrayList<>(load.sets());
        all.addAll(further);
        return load.read(file, all);
    }
}
