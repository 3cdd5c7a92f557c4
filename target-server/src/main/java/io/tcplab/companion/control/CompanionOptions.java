package io.tcplab.companion.control;

import io.tcplab.companion.AcceptSettings;
import io.tcplab.companion.CloseOnAccept;
import io.tcplab.companion.CompanionSettings;
import io.tcplab.companion.ServedProtocol;
import io.tcplab.companion.ServedTls;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How the companion of {@code tcplab serve} listens, accepts and answers. */
final class CompanionOptions {

    @Option(names = "--host", paramLabel = "ADDRESS", description = "Address to bind (default: ${DEFAULT-VALUE})")
    String host = CompanionSettings.DEFAULTS.host();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port to bind; 0 picks the first free one of 9000 to 9099 (default: ${DEFAULT-VALUE})")
    int port = CompanionSettings.FIRST_PORT;

    @Option(names = "--backlog", paramLabel = "N", description = "listen(2) backlog (default: ${DEFAULT-VALUE})")
    int backlog = AcceptSettings.DEFAULTS.backlog();

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

    @Option(
            names = "--defer-accept",
            paramLabel = "TIME",
            description = "TCP_DEFER_ACCEPT in whole seconds, such as 2s (default: unset)",
            converter = DurationOption.OrSeconds.class)
    Duration deferAccept = Duration.ZERO;

    @Option(names = "--fast-open", paramLabel = "N", description = "TCP_FASTOPEN queue length (default: unset)")
    int fastOpenQueue;

    @Option(
            names = "--observe-interval",
            paramLabel = "TIME",
            description = "Time between kernel observations; 0 turns them off (default: 100ms)",
            converter = DurationOption.OrMillis.class)
    Duration observeInterval = Duration.ofMillis(CompanionSettings.DEFAULTS.observeIntervalMillis());

    @Option(
            names = "--settings",
            paramLabel = "JSON",
            hidden = true,
            description = "All of these settings at once, as the run that starts this companion has them")
    @Nullable
    String json;

    /** The settings that the options make; throws IllegalArgumentException with a sentence where a value is not allowed. */
    CompanionSettings settings() {
        if (json != null) {
            return SettingsJson.read(json);
        }
        return new CompanionSettings(
                host,
                port,
                accepting(),
                protocol,
                closeOnAccept,
                servedTls(),
                whole("--observe-interval", observeInterval, Duration.ofMillis(1)));
    }

    private AcceptSettings accepting() {
        return new AcceptSettings(
                backlog,
                acceptDelay.toNanos(),
                acceptPaused,
                eventLoops,
                !delay,
                receiveBufferBytes,
                sendBufferBytes,
                whole("--defer-accept", deferAccept, Duration.ofSeconds(1)),
                fastOpenQueue);
    }

    /** How many of {@code unit} a time is; the kernel, or the observer, knows no parts of it. */
    private static int whole(String option, Duration time, Duration unit) {
        long count = time.dividedBy(unit);
        if (!unit.multipliedBy(count).equals(time) || count > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(option + " needs whole "
                    + (unit.toSeconds() > 0 ? "seconds, such as 2s" : "milliseconds, such as 100ms"));
        }
        return (int) count;
    }

    /** How connections are secured; throws as {@link #settings}. */
    @Nullable
    ServedTls servedTls() {
        if (!tls && (tlsCertificate != null || tlsKey != null || tlsSave != null)) {
            throw new IllegalArgumentException("--tls-certificate, --tls-key and --tls-save need --tls");
        }
        return tls ? new ServedTls(tlsCertificate, tlsKey) : null;
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
