package io.tcplab.loadgen.inspect;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.ProfileReader;
import io.tcplab.loadgen.run.BadUsage;
import io.tcplab.loadgen.run.ExitCode;
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
        Path profile = request.server();
        if (profile == null) {
            Endpoint asked = Objects.requireNonNull(request.target(), "one of both is given");
            return inspect(request, asked, SafeTarget.resolve(asked, request.mayTest()), null);
        }
        request.isolation().enter();
        try (StartedServer server = StartedServer.start(ProfileReader.read(profile, List.of()), request.isolation())) {
            InetSocketAddress address = server.address();
            Endpoint asked = Endpoint.parse(Endpoint.text(address));
            return server.inside(() -> inspect(request, asked, List.of(address), server));
        }
    }

    private ExitCode inspect(
            InspectRequest request, Endpoint asked, List<InetSocketAddress> addresses, @Nullable StartedServer started)
            throws CannotRun {
        Expectations expected = request.expect() == null ? null : Expectations.read(request.expect());
        List<Check> named = Catalogue.chosen(request.checks());
        long began = System.nanoTime();
        Inspector inspector = reachable(request, asked, addresses, started);
        Subject subject = inspector.subject();
        List<Check> checks = Catalogue.askable(named, subject);
        if (checks.isEmpty()) {
            throw new BadUsage("None of these checks can be asked of a server that speaks " + request.protocol() + ".");
        }
        say(InspectText.plan(subject, checks));
        try (OrderlyEnd _ = OrderlyEnd.onSignal(inspector::interrupt)) {
            List<CheckResult> results = inspector.run(checks);
            Inspection inspection = new Inspection(
                    subject,
                    inspector.baselineIfAny().orElse(null),
                    inspector.witness().flatMap(InspectSession::listener),
                    results,
                    expected == null
                            ? null
                            : expected.compare(results, request.checks().isEmpty()),
                    inspector.connections(),
                    Math.round((System.nanoTime() - began) / 1e6) / 1e3,
                    inspector.interrupted());
            print(request, inspection);
            if (inspector.interrupted()) {
                return ExitCode.INTERRUPTED;
            }
            return inspection.asExpected() ? ExitCode.FINE : ExitCode.NOT_MET;
        }
    }

    /** The first address that takes a connection and answers. */
    private Inspector reachable(
            InspectRequest request, Endpoint asked, List<InetSocketAddress> addresses, @Nullable StartedServer started)
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
                    started,
                    request.reloadCommand());
            Inspector inspector = new Inspector(subject, this::progress);
            try {
                inspector.begin();
                return inspector;
            } catch (Unreachable e) {
                reason = Endpoint.text(address) + ": " + e.getMessage();
            }
        }
        String advice = reason.contains("certificate")
                ? "Use --insecure to accept a certificate that this JDK does not trust."
                : "Name the right port and --path; add --tls where it speaks HTTPS,"
                        + " --script or --protocol none where it does not speak HTTP.";
        throw new CannotRun("The server cannot be inspected: " + reason + ". " + advice);
    }

    private static Optional<String> listener(Witness witness) {
        String process = witness.owner()
                .map(owner -> ", held by " + owner.program() + " (pid " + owner.pid() + ")")
                .orElse("");
        return witness.listeners().stream().findFirst().map(each -> Witness.words(each) + process);
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
