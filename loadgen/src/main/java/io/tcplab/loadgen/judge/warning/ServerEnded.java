package io.tcplab.loadgen.judge.warning;

import io.tcplab.kernel.Printable;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.watch.ServerProcess;
import java.util.List;

/** A server of the user's that the run started ended by itself: what the clients saw of it is true all the same. */
public record ServerEnded(int exitCode, String lastLine) implements RunWarning {

    static final ServerEnded EXAMPLE = new ServerEnded(1, "bind() to 127.0.0.1:80 failed");

    static List<RunWarning> in(Facts facts) {
        return of(facts.summary());
    }

    /** That of a result. */
    public static List<RunWarning> of(Summary summary) {
        ServerProcess server = summary.server();
        ServerProcess.Program program = server == null ? null : server.process();
        Integer code = program == null ? null : program.exitCode();
        if (program == null || code == null || summary.interrupted()) {
            return List.of();
        }
        List<String> lines = program.lastLines();
        return List.of(new ServerEnded(code, lines.isEmpty() ? "" : Printable.line(lines.getLast())));
    }

    @Override
    public String when() {
        return "the profile's own server ended before the load did";
    }

    @Override
    public String message() {
        return "The server ended with exit code " + exitCode + " before the load did"
                + (lastLine.isEmpty() ? "." : "; its last line: " + lastLine);
    }

    @Override
    public String advice() {
        return "see server.process.lastLines in summary.json";
    }
}
