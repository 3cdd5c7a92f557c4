package io.tcplab.loadgen.cli;

import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.rounds.Where;
import io.tcplab.loadgen.tune.TuneRequest;
import io.tcplab.loadgen.tune.TuneSession;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds out what a setting does: one cell for each combination of values, each in fresh namespaces, round by round. */
@Command(
        name = "tune",
        description = {
            "Runs a profile under every combination of values of one or more settings, each in fresh network namespaces, and reports"
                    + " what each setting did: which counters prove it, what it changed, or that it has no effect.",
            "Without --sysctl, and without a --set of several values, the profile's tune key lists what to try.",
        },
        mixinStandardHelpOptions = true)
final class TuneCommand implements Callable<Integer> {

    @Parameters(paramLabel = "PROFILE", description = "The profile (a YAML file).")
    private Path file;

    @Mixin
    private LoadOptions load;

    @Mixin
    private MatrixOptions matrix;

    @Option(
            names = "--isolate",
            paramLabel = "none|netns|docker",
            description =
                    "Each cell in fresh network namespaces (the default), in fresh containers of this host's Docker engine,"
                            + " or on this host (the default with a target; sysctls cannot be tried there).")
    private @Nullable Where isolate;

    @Option(names = "--repeat", paramLabel = "N", description = "Rounds of each cell (default: tune.repeat, or 5).")
    private @Nullable Integer repeat;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            description = "Cells at the same time; above 1, only counts can be trusted (default: tune.parallel, or 1).")
    private @Nullable Integer parallel;

    @Override
    public Integer call() throws CannotRun {
        TuneRequest request = new TuneRequest(
                file,
                load::read,
                load.sets(),
                matrix.sysctls(),
                matrix.side(),
                isolate,
                matrix.pairwise(),
                repeat,
                parallel);
        return new TuneSession(request, load.remote(), load.output()).run().code();
    }
}
