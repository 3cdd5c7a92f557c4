package io.tcplab.loadgen.cli;

import io.tcplab.companion.control.DurationOption;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.inspect.InspectRequest;
import io.tcplab.loadgen.rounds.Where;
import io.tcplab.loadgen.run.BadUsage;
import io.tcplab.loadgen.run.ObservedPlace;
import io.tcplab.loadgen.run.Output;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What an inspection checks, how long it waits, and where its result goes. */
final class InspectOptions {

    @Option(
            names = "--protocol",
            paramLabel = "http|none|script:PROFILE",
            description = "The server's protocol; with none, only connections are checked (http).")
    private @Nullable String protocol;

    @Option(
            names = "--script",
            paramLabel = "PROFILE",
            description = "Speak the script of this profile; as --protocol script:PROFILE.")
    private @Nullable Path script;

    @Option(
            names = "--path",
            paramLabel = "PATH",
            defaultValue = "/",
            description = "The path to request (${DEFAULT-VALUE}).")
    private String path;

    @Option(
            names = "--large-path",
            paramLabel = "PATH",
            description = "Path of a response of some megabytes, for the check of slow readers (S2).")
    private @Nullable String largePath;

    @Option(
            names = "--server",
            paramLabel = "PROFILE",
            description = "Start the server of this profile, inspect it with the whole catalogue, and end it.")
    private @Nullable Path server;

    @Option(
            names = "--isolate",
            paramLabel = "none|netns|docker",
            description = "With --server: where it runs; netns is a network namespace of its own, docker a container of"
                    + " server.image.")
    private Where isolation = Where.NONE;

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description = "With --server: set any key of the profile, such as --set network.rtt=20ms; may be repeated.")
    private List<String> sets = new ArrayList<>();

    @Option(
            names = "--pcap",
            paramLabel = "FILE",
            description =
                    "With --server and --isolate netns: write the packets between the checks and the server to FILE, as"
                            + " pcapng.")
    private @Nullable Path pcap;

    @Option(
            names = "--pid",
            paramLabel = "N",
            description = "The server's process: its network namespace, sockets, descriptors and log are evidence.")
    private @Nullable Long pid;

    @Option(
            names = "--netns",
            paramLabel = "NAME",
            description = "The server's network namespace (ip netns), likewise.")
    private @Nullable String netns;

    @Option(
            names = "--container",
            paramLabel = "NAME",
            description = "The server's container, by Docker's or podman's socket, likewise.")
    private @Nullable String container;

    @Option(names = "--tls", description = "Secure connections by TLS, and check how the server does it.")
    private boolean tls;

    @Option(names = "--insecure", description = "With --tls: accept every certificate.")
    private boolean insecure;

    @Option(
            names = {"--check", "--only"},
            paramLabel = "ID",
            split = ",",
            description = "Run only these checks, as printed by --list.")
    private List<String> checks = new ArrayList<>();

    @Option(
            names = "--patience",
            paramLabel = "TIME",
            converter = DurationOption.class,
            description = "How long to wait for a timeout of the server (30s, with --long 150s).")
    private @Nullable Duration patience;

    @Option(names = "--long", description = "Wait for timeouts up to 150 s, and for request limits up to 1,100.")
    private boolean longRun;

    @Option(
            names = "--reload",
            paramLabel = "COMMAND",
            description = "Command that reloads the server, such as \"nginx -s reload\", for check R1.")
    private @Nullable String reload;

    @Option(
            names = "--i-may-test",
            paramLabel = "HOST",
            description = "Confirms that you may test this host; required for public addresses.")
    private List<String> mayTest = new ArrayList<>();

    @Option(
            names = "--expect",
            paramLabel = "FILE",
            description = "Exit with 3 if a check finds something other than this file expects.")
    private @Nullable Path expect;

    @Option(
            names = "--write-expect",
            paramLabel = "FILE",
            description = "Write the findings as expectations, for --expect.")
    private @Nullable Path writeExpect;

    @Mixin
    private PrintOptions print;

    @Option(names = "--markdown", paramLabel = "FILE", description = "Also write a Markdown report.")
    private @Nullable Path markdown;

    @Option(names = "--html", paramLabel = "FILE", description = "Also write a self-contained HTML page.")
    private @Nullable Path html;

    InspectRequest of(@Nullable Endpoint target) {
        return new InspectRequest(
                target,
                server,
                sets,
                isolation,
                new ObservedPlace(pid, netns, container),
                pcap,
                protocol(),
                path,
                largePath,
                tls,
                insecure,
                checks,
                patience,
                longRun,
                mayTest,
                reload,
                expect,
                writeExpect,
                markdown,
                html);
    }

    private String protocol() {
        if (script == null) {
            return protocol == null ? "http" : protocol;
        }
        if (protocol != null) {
            throw new BadUsage("--script PROFILE is short for --protocol script:PROFILE: remove one of them.");
        }
        return "script:" + script;
    }

    Output output(CommandLine line) {
        return new Output(line.getOut(), line.getErr(), Terminal.ink(), print.json, print.quiet, null, print.junit);
    }
}
