package io.tcplab.loadgen.cli;

import io.tcplab.loadgen.limit.LimitSession;
import io.tcplab.loadgen.rounds.Where;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a limit is searched. */
final class SearchOptions {

    private static final double PERCENT = 100;

    @Option(names = "--most", paramLabel = "N", description = "The largest value to try (default: 1000000).")
    private @Nullable Double most;

    @Option(
            names = "--precision",
            paramLabel = "PERCENT",
            defaultValue = "3",
            converter = ShareOption.Percent.class,
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
            paramLabel = "none|netns|docker",
            description =
                    "Where the tries run: on this host, each in fresh network namespaces (the default where possible), or in"
                            + " fresh containers of this host's Docker engine.")
    private @Nullable Where isolation;

    LimitSession.Search of(boolean asWritten) {
        return new LimitSession.Search(most, precision / PERCENT, repeat, asWritten, isolation);
    }
}
