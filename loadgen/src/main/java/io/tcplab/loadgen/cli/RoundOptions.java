package io.tcplab.loadgen.cli;

import io.tcplab.loadgen.compare.CompareSession;
import io.tcplab.loadgen.rounds.Where;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How many rounds a comparison runs, and where. */
final class RoundOptions {

    @Option(
            names = "--repeat",
            paramLabel = "N",
            description =
                    "Run exactly N rounds of each contender, at most 3 s each (by default as many of 1 s as are needed: 5 to 12"
                            + " for two contenders; fewer than 5 prove no difference).")
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
            paramLabel = "none|netns|docker",
            description =
                    "Where the rounds run: on this host, each in fresh network namespaces (the default where possible), or in"
                            + " fresh containers of this host's Docker engine.")
    private @Nullable Where isolation;

    double find() {
        return find;
    }

    CompareSession.Rounding of(boolean asWritten) {
        return new CompareSession.Rounding(repeat, find, asWritten, isolation);
    }
}
