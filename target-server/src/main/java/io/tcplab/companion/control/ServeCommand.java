package io.tcplab.companion.control;

import io.tcplab.companion.CloseOnAccept;
import io.tcplab.companion.Companion;
import io.tcplab.companion.CompanionException;
import io.tcplab.companion.CompanionSettings;
import io.tcplab.companion.ServedProtocol;
import io.tcplab.companion.ServedTls;
import io.tcplab.companion.misbehave.MisbehavingServer;
import io.tcplab.companion.misbehave.Misbehaviour;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.kernel.observe.Observer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code tcplab serve}: a companion in the foreground until SIGTERM or Ctrl-C. */
@Command(
        name = "serve",
        description = "Runs the companion target in the foreground until SIGTERM or Ctrl-C.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Prints one line with its address when it is ready. Exits with 0 after exchanges in progress have",
            "finished (5 s at most), with 1 if it cannot listen, with 2 for a wrong option."
        })
public final class ServeCommand implements Callable<Integer> {

    private static final int CANNOT_RUN = 1;
    private static final Duration FINISH_AT_MOST = Duration.ofSeconds(5);

    @Spec
    CommandSpec spec;

    @Option(names = "--host", paramLabel = "ADDRESS", description = "Address to bind (default: ${DEFAULT-VALUE})")
    String host = CompanionSettings.DEFAULTS.host();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port to bind; 0 picks the first free one of 9000 to 9099 (default: ${DEFAULT-VALUE})")
    int port = CompanionSettings.FIRST_PORT;

    @Option(names = "--backlog", paramLabel = "N", description = "listen(2) backlog (default: ${DEFAULT-VALUE})")
    int backlog = CompanionSettings.DEFAULTS.backlog();

    @Option(
            names = "--accept-delay",
            paramLabel = "TIME",
            description = "Pause before each accept(2), such as 10ms (default: 0)",
            converter = DurationOption.class)
    Duration acceptDelay = Duration.ZERO;

    @Option(names = "--accept-paused", description = "Accept nothing until POST /resume on the control endpoint")
    boolean acceptPaused;

    @Option(
            names = "--event-loops",
            paramLabel = "N",
            description = "Event loops for connections (default: ${DEFAULT-VALUE})")
    int eventLoops = 1;

    @Option(names = "--protocol", paramLabel = "tcplab|echo|none|http", description = "The protocol (default: tcplab)")
    ServedProtocol protocol = ServedProtocol.TCPLAB;

    @Option(
            names = "--close-on-accept",
            paramLabel = "HOW",
            description =
                    "With protocol none: none, fin, rst, half-close, \"linger SECONDS\" or abandon (default: none)",
            converter = CloseOption.class)
    CloseOnAccept closeOnAccept = CloseOnAccept.NONE;

    @Option(
            names = "--tls",
            description = "Secure the connections by TLS 1.2 and 1.3, with a certificate made at the start")
    boolean tls;

    @Option(
            names = "--tls-certificate",
            paramLabel = "FILE",
            description = "With --tls: serve this certificate (PEM) instead")
    @Nullable
    String tlsCertificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "The certificate's private key (PEM)")
    @Nullable
    String tlsKey;

    @Option(
            names = "--tls-save",
            paramLabel = "FILE",
            description = "Write the certificate to FILE, for tls.ca of a profile")
    @Nullable
    Path tlsSave;

    @Option(names = "--no-nodelay", description = "Leave TCP_NODELAY unset on accepted connections")
    boolean delay;

    @Option(names = "--receive-buffer", paramLabel = "BYTES", description = "SO_RCVBUF (default: the kernel's)")
    int receiveBufferBytes;

    @Option(names = "--send-buffer", paramLabel = "BYTES", description = "SO_SNDBUF (default: the kernel's)")
    int sendBufferBytes;

    @Option(names = "--defer-accept", paramLabel = "SECONDS", description = "TCP_DEFER_ACCEPT (default: unset)")
    int deferAcceptSeconds;

    @Option(names = "--fast-open", paramLabel = "N", description = "TCP_FASTOPEN queue length (default: unset)")
    int fastOpenQueue;

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

    @Option(
            names = "--observe-interval",
            paramLabel = "MILLIS",
            description = "Time between kernel observations; 0 turns them off (default: ${DEFAULT-VALUE})")
    int observeIntervalMillis = CompanionSettings.DEFAULTS.observeIntervalMillis();

    /** Runs with these arguments and returns the exit code. */
    static int run(String[] arguments) {
        return new CommandLine(new ServeCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments);
    }

    @Override
    public Integer call() {
        if (misbehave != null) {
            return misbehave(misbehave);
        }
        CompanionSettings settings = settings();
        OutOfMemory.endsTheProcess();
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (Companion companion = Companion.start(settings);
                ObservationLog log = observation(companion);
                ControlEndpoint endpoint = endpoint(companion, log)) {
            companion.whenOutOfMemory(OutOfMemory::end);
            saveCertificate(companion);
            out.println(greeting(companion, endpoint));
            out.flush();
            awaitSignal(() -> companion.finish(FINISH_AT_MOST));
            return 0;
        } catch (CompanionException refused) {
            err.println("tcplab: " + refused.getMessage());
            return CANNOT_RUN;
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
        try (MisbehavingServer server = MisbehavingServer.start(host, port, chosen)) {
            out.println(
                    "tcplab target listening on " + Endpoint.text(server.address()) + " (misbehaves: " + kinds + ")");
            out.flush();
            awaitSignal(() -> true);
            return 0;
        } catch (CompanionException refused) {
            spec.commandLine().getErr().println("tcplab: " + refused.getMessage());
            return CANNOT_RUN;
        }
    }

    private CompanionSettings settings() {
        try {
            return new CompanionSettings(
                    host,
                    port,
                    backlog,
                    acceptDelay.toNanos(),
                    acceptPaused,
                    eventLoops,
                    !delay,
                    receiveBufferBytes,
                    sendBufferBytes,
                    deferAcceptSeconds,
                    fastOpenQueue,
                    protocol,
                    closeOnAccept,
                    servedTls(),
                    observeIntervalMillis);
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
        }
    }

    private @Nullable ServedTls servedTls() {
        if (!tls && (tlsCertificate != null || tlsKey != null || tlsSave != null)) {
            throw new IllegalArgumentException("--tls-certificate, --tls-key and --tls-save need --tls");
        }
        return tls ? new ServedTls(tlsCertificate, tlsKey) : null;
    }

    private void saveCertificate(Companion companion) throws CompanionException {
        String certificate = companion.certificatePem();
        if (tlsSave == null || certificate == null) {
            return;
        }
        try {
            Files.writeString(tlsSave, certificate);
        } catch (IOException unwritable) {
            throw new CompanionException(
                    "the certificate cannot be written to " + tlsSave + ": " + unwritable.getMessage(), unwritable);
        }
    }

    /** Observed is what somebody can ask for. */
    private @Nullable ObservationLog observation(Companion companion) throws CompanionException {
        if (control == null || observeIntervalMillis == 0) {
            return null;
        }
        return ObservationLog.start(new Observer.Settings(
                companion.address().getPort(), Duration.ofMillis(observeIntervalMillis), Observer.DEFAULT_SHARE));
    }

    private @Nullable ControlEndpoint endpoint(Companion companion, @Nullable ObservationLog log)
            throws CompanionException {
        if (control == null) {
            return null;
        }
        try {
            return ControlEndpoint.start(companion, log, Endpoint.parseListening(control), shownToken());
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), "--control: " + wrong.getMessage(), wrong);
        }
    }

    private @Nullable String shownToken() throws CompanionException {
        if (tokenFile == null) {
            return token;
        }
        try {
            String read = Files.readString(tokenFile).strip();
            if (read.isEmpty()) {
                throw new CompanionException("the token file " + tokenFile + " is empty; write a secret to it");
            }
            return read;
        } catch (NoSuchFileException missing) {
            throw new CompanionException("the token file " + tokenFile + " does not exist", missing);
        } catch (IOException unreadable) {
            throw new CompanionException(
                    "the token file " + tokenFile + " cannot be read: "
                            + (unreadable instanceof AccessDeniedException ? "EACCES" : unreadable.getMessage()),
                    unreadable);
        }
    }

    private String greeting(Companion companion, @Nullable ControlEndpoint endpoint) {
        String controlled = endpoint == null ? "" : ", control " + Endpoint.text(endpoint.address());
        return "tcplab target listening on " + companion.addressText() + " (backlog " + backlog + (tls ? ", TLS" : "")
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

    static final class CloseOption implements ITypeConverter<CloseOnAccept> {
        @Override
        public CloseOnAccept convert(String text) {
            try {
                return CloseOnAccept.parse(text);
            } catch (IllegalArgumentException wrong) {
                throw new TypeConversionException(String.valueOf(wrong.getMessage()));
            }
        }
    }
}
