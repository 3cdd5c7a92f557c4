package io.tcplab.loadgen.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is printed; the same for every command that reports on what it ran. */
final class PrintOptions {

    @Option(names = "--json", description = "Print a single JSON object on stdout.")
    boolean json;

    @Option(names = "--quiet", description = "Print errors only.")
    boolean quiet;

    @Option(names = "--junit", paramLabel = "FILE", description = "Also write a JUnit XML report.")
    @Nullable
    Path junit;
}
