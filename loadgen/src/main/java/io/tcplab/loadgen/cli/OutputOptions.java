package io.tcplab.loadgen.cli;

import io.tcplab.loadgen.run.BadUsage;
import io.tcplab.loadgen.run.Output;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where a result goes, and in which form; the same for every command that writes a results directory. */
final class OutputOptions {

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Write the result to this directory, which must not contain a result yet.")
    private @Nullable String out;

    @Mixin
    private PrintOptions print;

    @Mixin
    private ViewOptions view;

    Output of(CommandLine commandLine) {
        return of(commandLine, false);
    }

    /** The same, with a line each second where there is no terminal too: for the log of an engine. */
    Output withLines(CommandLine commandLine) {
        return of(commandLine, true);
    }

    private Output of(CommandLine commandLine, boolean lines) {
        if (out != null && out.isBlank()) {
            throw new BadUsage("--out is empty: give a directory.");
        }
        if (print.quiet) {
            view.refuseBeside("--quiet");
        }
        Path directory = out == null ? null : Path.of(out);
        return new Output(
                commandLine.getOut(),
                commandLine.getErr(),
                Terminal.ink(),
                print.json,
                print.quiet,
                directory,
                print.junit,
                view.of(commandLine, print.json || print.quiet, lines));
    }
}
