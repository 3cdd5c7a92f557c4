package io.tcplab.companion.control;

import io.tcplab.companion.Companion;
import io.tcplab.companion.CompanionException;
import io.tcplab.companion.CompanionSettings;
import io.tcplab.companion.ServedTls;
import io.tcplab.companion.misbehave.MisbehavingServer;
import io.tcplab.companion.misbehave.Misbehaviour;
import io.tcplab.companion.tls.TlsIdentity;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.kernel.observe.Observer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tcplab serve}: a companion in the foreground until SIGTERM or Ctrl-C. */
@Command(
        name = "serve",
        description = {
            "Runs the companion target in the foreground until SIGTERM or Ctrl-C.",
            "Prints one line with its address when it is ready. At a signal it ends after the exchanges in progress have"
                    + " finished (5 s at most)."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class ServeCommand implements Callable<Integer> {

    private static final int CANNOT_RUN = 1;
    private static final Duration FINISH_AT_MOST = Duration.ofSeconds(5);

    /** What has a meaning for a server that misbehaves. */
    private static final Set<String> OF_MISBEHAVING =
            Set.of("--misbehave", "--host", "--port", "--tls", "--tls-certificate", "--tls-key", "--tls-save");

    @Spec
    CommandSpec spec;

    @Mixin
    CompanionOptions companion = new CompanionOptions();

    @Option(
            names = "--misbehave",
            paramLabel = "KIND[,KIND]",
            description =
                    "Serve HTTP and misbehave in these ways, each of which a check of 'tcplab inspect' finds; none is a model"
                            + " server, list names the kinds")
    @Nullable
    String misbehave;

    @Option(
            names = "--control",
            paramLabel = "HOST:PORT",
            description = "Serve counts, observations, metrics and commands over HTTP on this address (default: off)")
    @Nullable
    String control;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "File with the token that --control requires; mandatory for non-loopback addresses")
    @Nullable
    Path tokenFile;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "The token itself; prefer --token-file, because other users can see a process's arguments")
    @Nullable
    String token;

    /** Runs with these arguments and returns the exit code. */
    static int run(String[] arguments) {
        return new CommandLine(new ServeCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments);
    }

    @Override
    public Integer call() {
        if (tokenFile != null && token != null) {
            throw new ParameterException(spec.commandLine(), "--token-file and --token exclude one another");
        }
        if (misbehave != null) {
            refuseWhatOnlyTheCompanionDoes();
            return misbehave(misbehave);
        }
        if (control == null && (tokenFile != null || token != null)) {
            throw new ParameterException(
                    spec.commandLine(), "--token-file and --token need --control, the endpoint that requires it");
        }
        CompanionSettings settings = settings();
        OutOfMemory.endsTheProcess();
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (Companion started = Companion.start(settings);
                ObservationLog log = observation(started, settings.observeIntervalMillis());
                ControlEndpoint endpoint = endpoint(started, log)) {
            started.whenOutOfMemory(OutOfMemory::end);
            saveCertificate(started.certificatePem());
            out.println(greeting(settings, started, endpoint));
            out.flush();
            awaitSignal(() -> started.finish(FINISH_AT_MOST));
            return 0;
        } catch (CompanionException refused) {
            err.println("tcplab: " + refused.getMessage());
            return CANNOT_RUN;
        }
    }

    /** A server that misbehaves has its own way to accept and to answer, and no control endpoint. */
    private void refuseWhatOnlyTheCompanionDoes() {
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptionsSet()) {
            if (!OF_MISBEHAVING.contains(option.longestName())) {
                throw new ParameterException(
                        spec.commandLine(), option.longestName() + " has no effect with --misbehave: remove it");
            }
        }
    }

    private int misbehave(String kinds) {
        PrintWriter out = spec.commandLine().getOut();
        if (kinds.equals("list")) {
            for (Misbehaviour each : Misbehaviour.values()) {
                out.printf("%-21s %s  %s%n", each.id(), each.check(), each.sentence());
            }
            out.flush();
            return 0;
        }
        Set<Misbehaviour> chosen;
        try {
            chosen = Misbehaviour.parse(kinds);
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), "--misbehave: " + wrong.getMessage(), wrong);
        }
        ServedTls tls = misbehavingTls(chosen);
        try {
            TlsIdentity identity = tls == null ? null : tls.identity(companion.host);
            saveCertificate(identity == null ? null : identity.certificatePem());
            try (MisbehavingServer server = MisbehavingServer.start(companion.host, companion.port, chosen, identity)) {
                out.println("tcplab target listening on " + Endpoint.text(server.address()) + " (misbehaves: " + kinds
                        + (tls == null ? "" : ", TLS") + ")");
                out.flush();
                awaitSignal(() -> {
                    server.stops();
                    return true;
                });
                return 0;
            }
        } catch (CompanionException refused) {
            spec.commandLine().getErr().println("tcplab: " + refused.getMessage());
            return CANNOT_RUN;
        }
    }

    private @Nullable ServedTls misbehavingTls(Set<Misbehaviour> chosen) {
        try {
            ServedTls tls = companion.servedTls();
            if (tls == null && chosen.stream().anyMatch(Misbehaviour::secure)) {
                throw new IllegalArgumentException("these kinds of --misbehave need --tls: "
                        + chosen.stream()
                                .filter(Misbehaviour::secure)
                                .map(Misbehaviour::id)
                                .collect(Collectors.joining(", ")));
            }
            return tls;
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
        }
    }

    private CompanionSettings settings() {
        try {
            return companion.settings();
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
        }
    }

    private void saveCertificate(@Nullable String certificate) throws CompanionException {
        Path file = companion.tlsSave;
        if (file == null || certificate == null) {
            return;
        }
        try {
            Files.writeString(file, certificate);
        } catch (IOException unwritable) {
            throw new CompanionException(
                    "the certificate cannot be written to " + file + ": " + unwritable.getMessage(), unwritable);
        }
    }

    /** Observed is what somebody can ask for. */
    private @Nullable ObservationLog observation(Companion started, int intervalMillis) throws CompanionException {
        if (control == null || intervalMillis == 0) {
            return null;
        }
        return ObservationLog.start(new Observer.Settings(
                started.address().getPort(), Duration.ofMillis(intervalMillis), Observer.DEFAULT_SHARE));
    }

    private @Nullable ControlEndpoint endpoint(Companion started, @Nullable ObservationLog log)
            throws CompanionException {
        if (control == null) {
            return null;
        }
        try {
            return ControlEndpoint.start(started, log, Endpoint.parseListening(control), shownToken());
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), "--control: " + wrong.getMessage(), wrong);
        }
    }

    private @Nullable String shownToken() throws CompanionException {
        if (tokenFile == null) {
            return token;
        }
        try {
            return TokenFile.read(tokenFile);
        } catch (IOException unusable) {
            throw new CompanionException("the " + unusable.getMessage(), unusable);
        }
    }

    private static String greeting(CompanionSettings settings, Companion started, @Nullable ControlEndpoint endpoint) {
        String controlled = endpoint == null ? "" : ", control " + Endpoint.text(endpoint.address());
        return "tcplab target listening on " + started.addressText() + " (backlog "
                + settings.accepting().backlog()
                + (settings.tls() == null ? "" : ", TLS")
                + controlled + ")";
    }

    /** SIGTERM and Ctrl-C run shutdown hooks; ours ends the process itself, so that the status is 0 and not 128 + n. */
    private void awaitSignal(BooleanSupplier finish) {
        CountDownLatch signalled = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("tcplab-finish").unstarted(() -> {
                    boolean settled = finish.getAsBoolean();
                    if (!settled) {
                        spec.commandLine()
                                .getErr()
                                .println("tcplab: exchanges were still in progress after " + FINISH_AT_MOST.toSeconds()
                                        + " s and were cut off");
                    }
                    Runtime.getRuntime().halt(0);
                }));
        try {
            signalled.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
