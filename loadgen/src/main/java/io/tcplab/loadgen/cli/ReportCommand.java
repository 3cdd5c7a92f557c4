package io.tcplab.loadgen.cli;

import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.report.html.HtmlReport;
import io.tcplab.loadgen.result.FileTrouble;
import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.run.ExitCode;
import io.tcplab.loadgen.run.Output;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Draws results. */
@Command(
        name = "report",
        description = "Writes a self-contained HTML page from one or more results directories.",
        mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(paramLabel = "DIR", arity = "1..*", description = "Results directories.")
    private List<Path> directories = List.of();

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "The file to write (report.html in the results directory, or ./report.html for several).")
    private @Nullable Path out;

    @Override
    public Integer call() throws CannotRun {
        Path file = out != null
                ? out
                : directories.size() == 1
                        ? directories.getFirst().resolve(ResultsDirectory.REPORT)
                        : Path.of(ResultsDirectory.REPORT);
        String page = page();
        Output.writeFile(file, () -> page);
        spec.commandLine().getOut().println("written to " + file);
        spec.commandLine().getOut().flush();
        return ExitCode.FINE.code();
    }

    private String page() throws CannotRun {
        try {
            return HtmlReport.fromDirectories(directories);
        } catch (IOException e) {
            throw new CannotRun(
                    "A result cannot be read: " + FileTrouble.of(e) + "; give results directories of finished runs.",
                    e);
        }
    }
}
