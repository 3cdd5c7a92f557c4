package io.tcplab.loadgen.inspect;

import io.tcplab.kernel.Printable;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.kernel.sockdiag.ListenerReading;
import io.tcplab.loadgen.judge.warning.LateCable;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileReader;
import io.tcplab.loadgen.result.NetworkFigures;
import io.tcplab.loadgen.rounds.docker.ContainedServer;
import io.tcplab.loadgen.run.BadUsage;
import io.tcplab.loadgen.run.ExitCode;
import io.tcplab.loadgen.run.Isolation;
import io.tcplab.loadgen.run.NamespacedServer;
import io.tcplab.loadgen.run.OrderlyEnd;
import io.tcplab.loadgen.run.Output;
import io.tcplab.loadgen.run.SafeTarget;
import io.tcplab.loadgen.run.StartedServer;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An inspection as a command uses it: checks are chosen, run until a signal ends them in order, compared and printed. */
public final class InspectSession {

    private final Output output;

    /** {@code output} has the JUnit XML report's file as well. */
    public InspectSession(Output output) {
        this.output = output;
    }

    /** Prints the catalogue, and asks nobody. */
    public ExitCode list() {
        List<Check> all = Catalogue.all();
        output.print(() -> InspectText.list(all), () -> InspectJson.list(all));
        return ExitCode.FINE;
    }

    /** Inspects. */
    public ExitCode run(InspectRequest request) throws CannotRun {
        Path file = request.server();
        if (file == null) {
            Endpoint asked = Objects.requireNonNull(request.target(), "one of both is given");
            List<InetSocketAddress> addresses = SafeTarget.resolve(asked, request.mayTest());
            try (NetworkNamespace there = request.place().enter()) {
                return inspect(request, asked, addresses, Attending.of(request.place(), there));
            }
        }
        Profile profile = ProfileReader.read(file, request.sets());
        try (StartedServer server = started(request, profile)) {
            InetSocketAddress address = server.address();
            Endpoint asked = Endpoint.parse(Endpoint.text(address));
            return server.inside(() -> inspect(request, asked, List.of(address), Attending.of(server)));
        }
    }

    private static StartedServer started(InspectRequest request, Profile profile) throws CannotRun {
        return switch (request.isolation()) {
            case NONE -> NamespacedServer.start(profile, Isolation.NONE, null);
            case NETNS -> {
                Isolation.NETNS.enter();
                yield NamespacedServer.start(profile, Isolation.NETNS, request.pcap());
            }
            case DOCKER -> ContainedServer.start(profile);
        };
    }

    private ExitCode inspect(
            InspectRequest request, Endpoint asked, List<InetSocketAddress> addresses, Attending attending)
            throws CannotRun {
        Expectations expected = request.expect() == null ? null : Expectations.read(request.expect());
        List<Check> named = Catalogue.chosen(request.checks());
        long began = System.nanoTime();
        try (WireLog wire = attending.wire(addresses)) {
            Reached reached = reachable(request, asked, addresses, attending, Optional.ofNullable(wire));
            Inspector inspector = reached.inspector();
            Subject subject = inspector.subject();
            List<Check> checks = Catalogue.askable(named, subject);
            if (checks.isEmpty()) {
                throw new BadUsage(
                        "None of these checks can be asked of a server that speaks " + request.protocol() + ".");
            }
            say(InspectText.plan(subject, checks, inspector.usualNanos()));
            try (OrderlyEnd _ = OrderlyEnd.onSignal(inspector::interrupt)) {
                List<CheckResult> results = inspector.run(checks);
                Inspection inspection = inspection(request, reached, attending, expected, results, began);
                print(request, inspection);
                return inspection.exitCode();
            }
        }
    }

    private static Inspection inspection(
            InspectRequest request,
            Reached reached,
            Attending attending,
            @Nullable Expectations expected,
            List<CheckResult> results,
            long began)
            throws CannotRun {
        StartedServer started = attending.started();
        Inspector inspector = reached.inspector();
        Optional<ServerHealth> health = reached.vigil().map(each -> {
            try (each) {
                return each.end(inspector.ports(), started != null);
            }
        });
        NetworkFigures network = started == null ? null : started.network();
        return new Inspection(
                inspector.subject(),
                inspector.baselineIfAny().orElse(null),
                inspector.witness().flatMap(InspectSession::listener),
                inspector.answering().limit(),
                results,
                expected == null
                        ? null
                        : expected.compare(results, request.checks().isEmpty()),
                inspector.connections(),
                Math.round((System.nanoTime() - began) / 1e6) / 1e3,
                health.orElse(null),
                network,
                network == null
                        ? List.of()
                        : LateCable.in(network, !network.asked().isEmpty()).stream()
                                .map(each -> each.message() + ": " + each.advice())
                                .toList(),
                inspector.interrupted());
    }

    /** A server that answers, and who watched over it since before the first connection. */
    private record Reached(Inspector inspector, Optional<Vigil> vigil) {}

    /** The first address that takes a connection and answers. */
    private Reached reachable(
            InspectRequest request,
            Endpoint asked,
            List<InetSocketAddress> addresses,
            Attending attending,
            Optional<WireLog> wire)
            throws CannotRun {
        String reason = "";
        ScriptTalk script = request.script();
        for (InetSocketAddress address : addresses) {
            Subject subject = new Subject(
                    asked,
                    address,
                    request.http(),
                    script,
                    request.path(),
                    request.largePath(),
                    request.patienceNanos(),
                    request.longRun(),
                    request.tlsClient(asked),
                    attending.started(),
                    request.reloadCommand());
            Optional<Witness> witness = attending.witness(address);
            Inspector inspector = new Inspector(subject, witness, wire, this::progress);
            Optional<Vigil> vigil = Vigil.begin(witness, attending.log());
            try {
                inspector.begin();
                return new Reached(inspector, vigil);
            } catch (Unreachable e) {
                vigil.ifPresent(Vigil::close);
                // It may have words of the server in it.
                reason = Endpoint.text(address) + ": " + Printable.shortLine(String.valueOf(e.getMessage()));
            }
        }
        throw new CannotRun("The server cannot be inspected: " + reason + ". " + advice(reason));
    }

    private static String advice(String reason) {
        // By whoever shows no certificate, either is met for that reason.
        if (reason.contains("alert: certificate_required")
                || reason.contains("alert: bad_certificate")
                || reason.contains(Contact.ASKED)) {
            return "It demands a client's certificate, which an inspection does not have: inspect it where it demands none.";
        }
        return reason.contains("certificate") && !reason.contains("fatal alert")
                ? "Use --insecure to accept a certificate that this JDK does not trust."
                : "Name the right port and --path; add --tls where it speaks HTTPS,"
                        + " --script or --protocol none where it does not speak HTTP.";
    }

    private static Optional<String> listener(Witness witness) {
        String process = witness.owner()
                .map(owner -> ", held by " + owner.program() + " (pid " + owner.pid() + ")")
                .orElse("");
        List<ListenerReading> all = witness.listeners();
        String more = all.size() > 1 ? ", the first of " + all.size() + " on this port" : "";
        return all.stream().findFirst().map(each -> witness.words(each) + more + process);
    }

    private void progress(CheckResult result) {
        say("  " + result.card().id() + "  " + result.finding().verdict().words() + "\n");
    }

    private void say(String text) {
        if (!output.silent()) {
            output.stderr().print(text);
            output.stderr().flush();
        }
    }

    private void print(InspectRequest request, Inspection inspection) throws CannotRun {
        output.print(() -> InspectText.of(inspection, output.ink()), () -> InspectJson.of(inspection));
        output.writeJunit(() -> InspectJunit.of(inspection));
        Output.writeFile(request.markdown(), () -> InspectMarkdown.of(inspection));
        Output.writeFile(request.html(), () -> InspectHtml.of(inspection));
        Output.writeFile(request.writeExpect(), () -> Expectations.write(inspection));
    }
}
