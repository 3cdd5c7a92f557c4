package io.tcplab.loadgen.cli;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.inspect.InspectRequest;
import io.tcplab.loadgen.inspect.InspectSession;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.run.BadUsage;
import io.tcplab.loadgen.run.Output;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows how a server treats connections. */
@Command(
        name = "inspect",
        description =
                "Shows how a server treats connections: when and how it closes them, what it does with half-closed, "
                        + "silent, slow and pipelining clients, and which requests it loses.",
        mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(paramLabel = "HOST:PORT", arity = "0..1", converter = EndpointOption.class, description = "The server.")
    private @Nullable Endpoint target;

    @Option(
            names = "--protocol",
            paramLabel = "http|none",
            defaultValue = "http",
            description = "What the server speaks; none asks by connections alone (${DEFAULT-VALUE}).")
    private String protocol;

    @Option(
            names = "--path",
            paramLabel = "PATH",
            defaultValue = "/",
            description = "What is requested (${DEFAULT-VALUE}).")
    private String path;

    @Option(
            names = "--large-path",
            paramLabel = "PATH",
            description = "A response of some megabytes, for the check of slow readers (S2).")
    private @Nullable String largePath;

    @Option(
            names = {"--check", "--only"},
            paramLabel = "ID",
            split = ",",
            description = "Only these checks, as --list names them.")
    private List<String> checks = new ArrayList<>();

    @Option(names = "--list", description = "List the checks, and connect to nothing.")
    private boolean list;

    @Option(
            names = "--patience",
            paramLabel = "TIME",
            converter = DurationOption.class,
            description = "How long a timeout of the server is waited for (30s, with --long 150s).")
    private @Nullable Duration patience;

    @Option(
            names = "--long",
            description = "Wait for timeouts up to 150 s, and look for limits of requests up to 1,100.")
    private boolean longRun;

    @Option(
            names = "--reload",
            paramLabel = "COMMAND",
            description = "A command that reloads the server, such as \"nginx -s reload\", for the check R1.")
    private @Nullable String reload;

    @Option(
            names = "--i-may-test",
            paramLabel = "HOST",
            description = "Confirms that you may test this host; required for public addresses.")
    private List<String> mayTest = new ArrayList<>();

    @Option(
            names = "--expect",
            paramLabel = "FILE",
            description = "Exit code 3 where a check finds something other than this file expects.")
    private @Nullable Path expect;

    @Option(
            names = "--write-expect",
            paramLabel = "FILE",
            description = "Write what was found as expectations, for --expect.")
    private @Nullable Path writeExpect;

    @Option(names = "--json", description = "Print a single JSON object on stdout.")
    private boolean json;

    @Option(names = "--quiet", description = "Print errors only.")
    private boolean quiet;

    @Option(names = "--junit", paramLabel = "FILE", description = "Also write a JUnit XML report.")
    private @Nullable Path junit;

    @Option(names = "--markdown", paramLabel = "FILE", description = "Write a report in Markdown as well.")
    private @Nullable Path markdown;

    @Option(names = "--html", paramLabel = "FILE", description = "Write a self-contained page as well.")
    private @Nullable Path html;

    @Override
    public Integer call() throws CannotRun {
        CommandLine line = spec.commandLine();
        InspectSession session =
                new InspectSession(new Output(line.getOut(), line.getErr(), Terminal.ink(), json, quiet, null, junit));
        if (list) {
            return session.list().code();
        }
        Endpoint server = target;
        if (server == null) {
            throw new BadUsage("Name the server to inspect: tcplab inspect HOST:PORT.");
        }
        return session.run(new InspectRequest(
                        server,
                        protocol,
                        path,
                        largePath,
                        checks,
                        patience,
                        longRun,
                        mayTest,
                        reload,
                        expect,
                        writeExpect,
                        markdown,
                        html))
                .code();
    }
}
