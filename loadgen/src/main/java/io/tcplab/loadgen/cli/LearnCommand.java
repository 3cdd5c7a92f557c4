package io.tcplab.loadgen.cli;

import io.tcplab.loadgen.learn.LearnSession;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.run.BadUsage;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A profile from real traffic. */
@Command(
        name = "learn",
        description =
                "Writes a profile from a capture of real traffic (pcap or pcapng): when connections begin, what kinds there"
                        + " are, and who closes them and how. Only headers are read; tcpdump -s 96 suffices.",
        mixinStandardHelpOptions = true)
final class LearnCommand implements Callable<Integer> {

    private static final int MOST_PORT = 65_535;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(paramLabel = "CAPTURE", description = "The capture (a pcap or pcapng file).")
    private Path capture;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "The profile to write (stdout).")
    private @Nullable Path out;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "The server's port (that of the server with the most connections and exchanges).")
    private @Nullable Integer port;

    @Override
    public Integer call() throws CannotRun {
        if (port != null && (port < 1 || port > MOST_PORT)) {
            throw new BadUsage("--port must be from 1 to " + MOST_PORT + ".");
        }
        return new LearnSession(capture, out, port)
                .run(spec.commandLine().getOut())
                .code();
    }
}
