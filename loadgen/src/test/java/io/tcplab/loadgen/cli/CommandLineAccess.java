package io.tcplab.loadgen.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;

/** The command line in this process, for tests of other packages. */
public final class CommandLineAccess {

    private CommandLineAccess() {}

    /** What a command printed, and its exit code. */
    public record Ran(int exitCode, String stdout, String stderr) {}

    /** Runs it with these arguments. */
    public static Ran run(List<String> arguments) {
        StringWriter stdout = new StringWriter();
        StringWriter stderr = new StringWriter();
        CommandLine line =
                Tcplab.commandLine().setOut(new PrintWriter(stdout, true)).setErr(new PrintWriter(stderr, true));
        int code = line.execute(arguments.toArray(String[]::new));
        return new Ran(code, stdout.toString(), stderr.toString());
    }
}
