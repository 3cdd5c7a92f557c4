package io.tcplab.loadgen.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How experiments are run and what is written about them. */
final class LabRunOptions {

    @Option(
            names = "--repeat",
            paramLabel = "N",
            defaultValue = "1",
            description = "Run each N times and report how many runs agree.")
    int repeat;

    @Option(names = "--long", description = LabCommand.WITH_LONG)
    boolean withLong;

    @Option(names = "--json", description = LabCommand.JSON)
    boolean json;

    @Option(names = "--junit", paramLabel = "FILE", description = "Write a JUnit XML report.")
    @Nullable
    Path junit;

    @Option(names = "--markdown", paramLabel = "FILE", description = "Write a report in Markdown.")
    @Nullable
    Path markdown;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "" + LabCommand.PARALLEL,
            description = "Experiments that run at the same time (${DEFAULT-VALUE}).")
    int parallel;
}
