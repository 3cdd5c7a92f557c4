package io.tcplab.loadgen.cli;

import io.tcplab.loadgen.merge.Merge;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.report.html.HtmlReport;
import io.tcplab.loadgen.result.FileTrouble;
import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.run.BadUsage;
import io.tcplab.loadgen.run.ExitCode;
import io.tcplab.loadgen.run.RunDirectory;
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
            description = "The directory for the merged result, which must not contain a result yet.")
    private Path out;

    @Override
    public Integer call() throws CannotRun {
        if (out.toString().isBlank()) {
            throw new BadUsage("--out is empty: give a directory.");
        }
        ResultsDirectory into = RunDirectory.of(out, out, "merged");
        try {
            var _ = Merge.merge(directories, into);
            into.write(ResultsDirectory.REPORT, HtmlReport.fromDirectory(into.path()));
        } catch (IOException e) {
            throw new CannotRun("The results cannot be merged: " + FileTrouble.of(e) + ".", e);
        } finally {
            RunDirectory.release(into.path());
        }
        spec.commandLine().getOut().println("written to " + out);
        spec.commandLine().getOut().flush();
        return ExitCode.FINE.code();
    }
}
