package io.tcplab.loadgen.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.cli.CommandLineAccess;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS: what is inspected is a server of a few lines that says close_notify, or does not. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class TlsInspectIT {

    @TempDir
    private static Path home;

    private static SSLContext context;

    @BeforeAll
    static void certificate() throws Exception {
        Path store = home.resolve("store.p12");
        Process keytool = new ProcessBuilder(List.of(
                        System.getProperty("java.home") + "/bin/keytool",
                        "-genkeypair",
                        "-alias",
                        "one",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "tcplab",
                        "-keystore",
                        store.toString()))
                .inheritIO()
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "tcplab".toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "tcplab".toCharArray());
        context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCloseWithoutCloseNotifyIsFound(boolean notifies) throws Exception {
        try (Server server = new Server(notifies ? Ending.NOTIFIES : Ending.TRUNCATES)) {
            Inspected inspected = Inspected.of(
                    server.address(), Duration.ofSeconds(3), "--tls", "--insecure", "--check", "C1,I1,S3,T1,T2,T3");
            assertThat(inspected.verdict("C1")).isEqualTo("asExpected");
            assertThat(inspected.verdict("S3")).isEqualTo("asExpected");
            assertThat(inspected.observed("T1")).isEqualTo("TLSv1.3 resumed, TLSv1.2 resumed");
            assertThat(inspected.verdict("T2")).isEqualTo(notifies ? "asExpected" : "unusual");
            assertThat(inspected.observed("T3")).startsWith("closed by FIN");
        }
    }

    /** As stunnel and GnuTLS do: the client's stream is over, though no FIN comes before the client's close_notify. */
    @Test
    void aCloseNotifyAloneIsTheEndOfTheStream() throws Exception {
        try (Server server = new Server(Ending.WAITS)) {
            Inspected inspected = Inspected.of(
                    server.address(), Duration.ofSeconds(3), "--tls", "--insecure", "--check", "C1,C7,I1,I4,T2");
            assertThat(inspected.findings()).isEmpty();
            assertThat(inspected.observed("C1")).isEqualTo("the client has to close");
            assertThat(inspected.observed("I4")).isEqualTo("obeyed");
            assertThat(inspected.observed("I1")).isEqualTo("closed by FIN");
            assertThat(inspected.seconds("I1", "closedAfterSeconds")).isCloseTo(1.0, within(0.4));
            assertThat(inspected.check("T2").get("sentence").asString()).startsWith("close_notify, then no FIN");
        }
    }

    /** With TLS 1.3 the alert comes behind the handshake, in place of the answer. */
    @Test
    void aServerThatDemandsACertificateIsNamedSo() throws Exception {
        try (Server server = new Server(Ending.DEMANDS_CERTIFICATE)) {
            CommandLineAccess.Ran ran = CommandLineAccess.run(
                    List.of("inspect", Endpoint.text(server.address()), "--tls", "--insecure", "--check", "B1"));
            assertThat(ran.exitCode()).isEqualTo(1);
            assertThat(ran.stderr()).contains("Received fatal alert").contains("It demands a client's certificate");
        }
    }

    /** As Node does with TLS 1.2, whose alert is lost where the client's last flight meets a socket that is closed. */
    @Test
    void aServerThatDemandsACertificateIsNamedSoWithoutAnAlert() throws Exception {
        try (Server server = new Server(Ending.DEMANDS_CERTIFICATE_SILENTLY, "TLSv1.2")) {
            CommandLineAccess.Ran ran = CommandLineAccess.run(
                    List.of("inspect", Endpoint.text(server.address()), "--tls", "--insecure", "--check", "B1"));
            assertThat(ran.exitCode()).isEqualTo(1);
            assertThat(ran.stderr()).doesNotContain("alert").contains("It demands a client's certificate");
        }
    }

    @Test
    void aNameIsSentAsItIsAndHttpIsOfferedOnlyWhereItIsSpoken() {
        SSLParameters http = TlsClient.of(Endpoint.parse("my_service:443"), true, true)
                .engine(List.of())
                .getSSLParameters();
        assertThat(http.getServerNames())
                .extracting(each -> new String(each.getEncoded(), StandardCharsets.UTF_8))
                .containsExactly("my_service");
        assertThat(http.getApplicationProtocols()).containsExactly("http/1.1");
        SSLParameters other = TlsClient.of(Endpoint.parse("localhost.:5432"), false, true)
                .engine(List.of())
                .getSSLParameters();
        assertThat(other.getServerNames().toString()).contains("localhost").doesNotContain("localhost.");
        assertThat(other.getApplicationProtocols()).isEmpty();
    }

    /** How a connection ends, or that it does not begin. */
    private enum Ending {
        NOTIFIES,
        TRUNCATES,
        /** Says close_notify, and closes when the client has said it, too. */
        WAITS,
        DEMANDS_CERTIFICATE,
        /** Its alerts do not arrive. */
        DEMANDS_CERTIFICATE_SILENTLY
    }

    /** Drops each record that is an alert, as its first byte says (RFC 5246 §6.2.1). */
    private static final class WithoutAlerts extends FilterOutputStream {
        private static final int ALERT = 21;

        WithoutAlerts(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (bytes[offset] != ALERT) {
                out.write(bytes, offset, length);
            }
        }
    }

    /** A socket whose peer sees no alert. */
    private static final class Mute extends Socket {
        private final Socket socket;

        Mute(Socket socket) {
            this.socket = socket;
        }

        @Override
        public boolean isConnected() {
            return true;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return socket.getInputStream();
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return new WithoutAlerts(socket.getOutputStream());
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** HTTP/1.1 over TLS, a thread for each connection, with an idle timeout of a second. */
    private static final class Server implements AutoCloseable {
        private static final int IDLE_MILLIS = 1_000;
        private static final int WAITS_MILLIS = 10_000;

        private final ServerSocket listener;
        private final Ending ending;
        private final String[] versions;

        Server(Ending ending, String... versions) throws IOException {
            this.ending = ending;
            this.versions = versions;
            this.listener = new ServerSocket(0, 64, InetAddress.ofLiteral("127.0.0.1"));
            Thread.ofVirtual().start(this::accept);
        }

        InetSocketAddress address() {
            return (InetSocketAddress) listener.getLocalSocketAddress();
        }

        private void accept() {
            while (!listener.isClosed()) {
                try {
                    Socket plain = listener.accept();
                    Thread.ofVirtual().start(() -> serve(plain));
                } catch (IOException _) {
                    // It is closed.
                }
            }
        }

        private void serve(Socket plain) {
            try (plain) {
                plain.setSoTimeout(IDLE_MILLIS);
                boolean closes = ending != Ending.WAITS;
                boolean silently = ending == Ending.DEMANDS_CERTIFICATE_SILENTLY;
                Socket below = silently ? new Mute(plain) : plain;
                SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(below, null, closes);
                tls.setUseClientMode(false);
                tls.setNeedClientAuth(silently || ending == Ending.DEMANDS_CERTIFICATE);
                if (versions.length > 0) {
                    tls.setEnabledProtocols(versions);
                }
                try {
                    exchange(tls);
                } catch (SocketTimeoutException e) {
                    if (ending != Ending.WAITS) {
                        throw e;
                    }
                }
                if (ending != Ending.TRUNCATES) {
                    plain.setSoTimeout(WAITS_MILLIS);
                    tls.close();
                }
            } catch (IOException _) {
                // A timeout, or the peer has gone.
            }
        }

        private static void exchange(SSLSocket tls) throws IOException {
            StringBuilder head = new StringBuilder();
            while (true) {
                int read = tls.getInputStream().read();
                if (read < 0) {
                    return;
                }
                head.append((char) read);
                if (head.toString().endsWith("\r\n\r\n")) {
                    boolean closes = head.indexOf("Connection: close") > 0 || head.indexOf("HTTP/1.0") > 0;
                    tls.getOutputStream()
                            .write(("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + (closes ? "Connection: close\r\n" : "")
                                            + "\r\nok")
                                    .getBytes(StandardCharsets.US_ASCII));
                    if (closes) {
                        return;
                    }
                    head.setLength(0);
                }
            }
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }
}
