package io.tcplab.loadgen.cli;

import io.tcplab.loadgen.merge.Merge;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.run.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts the shards of one load together. */
@Command(
        name = "merge",
        description = "Merges the results of several generators of one load, without losing precision.",
        mixinStandardHelpOptions = true)
final class MergeCommand implements Callable<Integer> {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(paramLabel = "DIR", arity = "1..*", description = "Results directories of the shards.")
    private List<Path> directories = List.of();

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "DIR",
            description = "The directory for the merged result.")
    private Path out;

    @Override
    public Integer call() throws CannotRun {
        try {
            var _ = Merge.merge(directories, ResultsDirectory.at(out));
        } catch (IOException e) {
            throw new CannotRun("The results cannot be merged: " + e.getMessage() + ".", e);
        }
        spec.commandLine().getOut().println("written to " + out);
        spec.commandLine().getOut().flush();
        return ExitCode.FINE.code();
    }
}
