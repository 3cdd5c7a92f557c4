package io.tcplab.loadgen.cli;

import io.tcplab.loadgen.compare.Gating;
import io.tcplab.loadgen.compare.SavedSession;
import io.tcplab.loadgen.run.BadUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is asked of saved results. */
final class GateOptions {

    @Option(
            names = "--baseline",
            paramLabel = "DIR",
            description = "Results directory that the others are compared with; may be repeated, for more rounds.")
    private List<Path> baselines = List.of();

    @Option(
            names = "--gate",
            description = "Exit code 3 if a count for each connection, or a time, got worse than in the baseline or, of"
                    + " profiles, than with the first.")
    private boolean gate;

    @Option(
            names = "--markdown",
            paramLabel = "FILE",
            description = "Also write the gate as a comment for a pull request.")
    private @Nullable Path markdown;

    /** Whether the parameters are results and not profiles; a baseline is one of results. */
    boolean areResults(List<Path> parameters) {
        boolean any = parameters.stream().anyMatch(Files::isDirectory);
        if (!any && !baselines.isEmpty()) {
            throw new BadUsage("--baseline needs results directories in place of profiles; " + parameters.getFirst()
                    + " is not a directory.");
        }
        return any;
    }

    /** What is asked of rounds that are run now. */
    Gating ofRounds() {
        return new Gating(gate, markdown);
    }

    SavedSession.Request request(List<Path> directories, double find) {
        for (Path each : Stream.concat(directories.stream(), baselines.stream()).toList()) {
            if (!Files.isDirectory(each)) {
                throw new BadUsage(each + " is not a directory: compare either profiles or results directories.");
            }
        }
        return new SavedSession.Request(directories, baselines, gate, find, markdown);
    }
}
