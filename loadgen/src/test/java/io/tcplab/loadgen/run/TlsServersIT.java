package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.companion.tls.SelfSigned;
import io.tcplab.companion.tls.TlsIdentity;
import io.tcplab.loadgen.cli.Tcplab;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileWriter;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.result.Measured;
import io.tcplab.loadgen.result.Reconciled;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.SummaryJson;
import io.tcplab.loadgen.result.TlsFigures;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS of OpenSSL, by nginx and by openssl s_server: what we count of it is what they log of it. */
@OverEachTransport
@Timeout(300)
class TlsServersIT {

    private static final Path NGINX = Path.of("/usr/sbin/nginx");
    private static final Path OPENSSL = Path.of("/usr/bin/openssl");

    /** 10,000 handshakes with {@code -Dtcplab.long=true}. */
    private static final int HANDSHAKES = Boolean.getBoolean("tcplab.long") ? 10_000 : 500;

    @TempDir
    private Path home;

    private Process server;
    private int port;

    @BeforeEach
    void certificates() throws IOException {
        write("server", SelfSigned.make("test server", List.of("localhost", "www.test.example")));
        write("client", SelfSigned.make("test client", List.of("client")));
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
    }

    private void write(String name, TlsIdentity identity) throws IOException {
        Files.writeString(home.resolve(name + ".pem"), identity.certificatePem());
        Files.writeString(home.resolve(name + ".key"), identity.keyPem());
    }

    private void start(List<String> command) throws Exception {
        server = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("out").toFile())
                .start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port));
                return;
            } catch (IOException e) {
                if (System.nanoTime() > end || !server.isAlive()) {
                    throw new IOException(Files.readString(home.resolve("out")), e);
                }
                Thread.onSpinWait();
            }
        }
    }

    private void nginx(String more) throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(NGINX), "needs nginx (Debian: nginx-light)");
        Files.writeString(home.resolve("nginx.conf"), """
                daemon off;
                master_process off;
                pid %1$s/pid;
                error_log %1$s/error.log;
                events {}
                http {
                  log_format tls '$ssl_protocol reused=$ssl_session_reused name=$ssl_server_name client=$ssl_client_verify $status';
                  access_log %1$s/access.log tls;
                  client_body_temp_path %1$s/a; proxy_temp_path %1$s/b; fastcgi_temp_path %1$s/c;
                  uwsgi_temp_path %1$s/d; scgi_temp_path %1$s/e;
                  server {
                    listen 127.0.0.1:%2$d ssl;
                    ssl_certificate %1$s/server.pem; ssl_certificate_key %1$s/server.key;
                    ssl_protocols TLSv1.2 TLSv1.3; %3$s
                    location / { return 200 "hello from nginx"; }
                  }
                }
                """.formatted(home, port, more));
        start(List.of(
                NGINX.toString(),
                "-p",
                home.toString(),
                "-c",
                home.resolve("nginx.conf").toString()));
    }

    /** {@code answers} is the option that says how it answers. */
    private void openssl(String answers, String... more) throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(OPENSSL), "needs openssl");
        List<String> command = new ArrayList<>(List.of(
                OPENSSL.toString(),
                "s_server",
                "-accept",
                "127.0.0.1:" + port,
                "-cert",
                "server.pem",
                "-key",
                "server.key",
                answers,
                "-quiet"));
        command.addAll(List.of(more));
        start(command);
    }

    @AfterEach
    void stop() throws Exception {
        if (server != null) {
            server.destroy();
            assertThat(server.waitFor(10, TimeUnit.SECONDS)).isTrue();
            server = null;
        }
    }

    private Profile profile(int connections, String... sets) {
        return Profiles.of("""
                name: tls
                target: localhost:%d
                connections: %d
                load: {closed: {concurrency: 4}}
                protocol: http
                mix: [{name: only, exchanges: 1, close: {by: server, how: fin}}]
                tls: {ca: %s}
                """.formatted(port, connections, home.resolve("server.pem")), sets);
    }

    private static TlsFigures completed(Summary summary, int connections) {
        assertThat(summary.outcomes().count(ConnectionOutcome.COMPLETED))
                .as("%s", summary.causes())
                .isEqualTo(connections);
        return Objects.requireNonNull(summary.tls());
    }

    private List<String> log() throws Exception {
        stop();
        return Files.readAllLines(home.resolve("access.log"));
    }

    @ParameterizedTest
    @CsvSource({"1.2, 0", "1.2, 0.8", "1.3, 0", "1.3, 0.8", "1.3, 1"})
    void fullAndResumedHandshakesAreNginxsOwn(String version, double resume) throws Exception {
        nginx("");
        Summary summary = IsolatedRun.onHost(profile(HANDSHAKES, "tls.versions=" + version, "tls.resume=" + resume));
        TlsFigures tls = completed(summary, HANDSHAKES);
        assertThat(tls.version()).isEqualTo("TLSv" + version);
        assertThat(tls.handshakes()).isEqualTo(HANDSHAKES);
        assertThat(tls.askedResume()).isEqualTo(Math.round(HANDSHAKES * resume));
        assertThat((double) tls.resumed()).isBetween(tls.askedResume() - HANDSHAKES * 0.01, tls.askedResume() + 1.0);
        List<String> log = log();
        assertThat(log)
                .hasSize(HANDSHAKES)
                .allMatch(line -> line.startsWith("TLSv" + version + " ") && line.endsWith(" 200"));
        assertThat(log.stream().filter(line -> line.contains("reused=r"))).hasSize((int) tls.resumed());
        assertThat(log.stream().filter(line -> line.contains("reused=."))).hasSize(HANDSHAKES - (int) tls.resumed());
    }

    @Test
    void theServerNameIsSentAndTheProtocolIsAgreedOn() throws Exception {
        nginx("");
        Summary summary = IsolatedRun.onHost(profile(5, "tls.serverName=www.test.example", "tls.alpn=[http/1.1]"));
        assertThat(completed(summary, 5).alpn()).isEqualTo("http/1.1");
        assertThat(log()).allMatch(line -> line.contains("name=www.test.example "));
    }

    @Test
    void aCertificateForAnotherNameIsRefused() throws Exception {
        nginx("");
        Summary summary = IsolatedRun.onHost(profile(5, "tls.serverName=other.test.example"));
        assertThat(summary.outcomes().count(ConnectionOutcome.TLS_FAILED)).isEqualTo(5);
        assertThat(summary.causes())
                .singleElement()
                .extracting(Measured.Cause::cause)
                .asString()
                .startsWith("certificateRefused: it is not for other.test.example");
    }

    @Test
    void aClientsCertificateIsShownWhereItIsAskedFor() throws Exception {
        nginx("ssl_verify_client on; ssl_client_certificate %s/client.pem;".formatted(home));
        completed(
                IsolatedRun.onHost(profile(
                        5, "tls.certificate=" + home.resolve("client.pem"), "tls.key=" + home.resolve("client.key"))),
                5);
        assertThat(log()).hasSize(5).allMatch(line -> line.contains("client=SUCCESS 200"));
    }

    @ParameterizedTest
    @CsvSource({"1.2, tlsAlert: handshake_failure", "1.3, tlsAlert: certificate_required"})
    void aMissingClientCertificateIsToldByTheServersAlert(String version, String cause) throws Exception {
        openssl("-www", "-Verify", "1", "-verify_return_error");
        Summary summary = IsolatedRun.onHost(profile(5, "tls.versions=" + version));
        assertThat(summary.outcomes().count(ConnectionOutcome.TLS_FAILED))
                .as("%s", summary.causes())
                .isEqualTo(5);
        assertThat(summary.causes()).extracting(Measured.Cause::cause).containsExactly(cause);
    }

    /** s_server writes "Reused, TLSv1.3, Cipher is …" or "New, …" into its page: a full handshake is a page that is not as expected. */
    @ParameterizedTest
    @ValueSource(strings = {"1.2", "1.3"})
    void sessionsOfOpensslAreResumed(String version) throws Exception {
        openssl("-www");
        int handshakes = Boolean.getBoolean("tcplab.long") ? HANDSHAKES : 200;
        Summary summary = IsolatedRun.onHost(profile(
                handshakes,
                "tls.versions=" + version,
                "tls.resume=80%",
                "protocol={http: {expect: {body: 'Reused, TLSv%s'}}}".formatted(version)));
        TlsFigures tls = completed(summary, handshakes);
        assertThat((double) tls.resumed()).isBetween(handshakes * 0.79, handshakes * 0.8 + 1);
        assertThat(summary.exchanges().unexpected()).isEqualTo(handshakes - tls.resumed());
        assertThat(resumption(summary)).isTrue();
    }

    /** Asked and achieved, in one row. */
    private static boolean resumption(Summary summary) {
        Reconciled row = summary.reconciliation().stream()
                .filter(each -> each.is(Reconciled.Check.RESUMED))
                .findFirst()
                .orElseThrow();
        TlsFigures tls = Objects.requireNonNull(summary.tls());
        assertThat(row.ours()).isEqualTo(tls.askedResume());
        assertThat(row.kernel()).isEqualTo(tls.resumed());
        return row.agrees();
    }

    @Test
    void aServerThatResumesNothingIsShownBesideWhatWasAsked() throws Exception {
        nginx("ssl_session_tickets off; ssl_session_cache off;");
        Summary summary = IsolatedRun.onHost(profile(50, "tls.resume=80%"));
        assertThat(completed(summary, 50).resumed()).isZero();
        assertThat(resumption(summary)).isFalse();
        assertThat(summary.warnings())
                .filteredOn(warning -> warning.code().equals("resumptionMissed"))
                .singleElement()
                .matches(warning -> !warning.invalidates());
    }

    /** With the JDK's TLS, as on a machine that Netty has no BoringSSL for. */
    @ParameterizedTest
    @ValueSource(strings = {"1.2", "1.3"})
    void theJdksHandshakesAreNginxsOwnToo(String version) throws Exception {
        nginx("");
        Path yaml = Files.writeString(
                home.resolve("jdk.yaml"),
                ProfileWriter.write(profile(40, "tls.versions=" + version, "tls.resume=50%", "mix.0.exchanges=2")));
        Path out = home.resolve("result");
        Process run = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dio.netty.handler.ssl.noOpenSsl=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Tcplab.class.getName(),
                        "run",
                        yaml.toString(),
                        "--quiet",
                        "--out",
                        out.toString())
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("run.out").toFile())
                .start();
        // On a busy machine the generator may find itself too slow to be believed: what it counts is right all the
        // same.
        assertThat(run.waitFor())
                .as(Files.readString(home.resolve("run.out")))
                .isIn(ExitCode.FINE.code(), ExitCode.NOT_TO_BE_BELIEVED.code());
        TlsFigures tls = completed(SummaryJson.read(out.resolve("summary.json")), 40);
        assertThat(Files.readString(out.resolve("environment.json"))).contains("\"JDK ");
        assertThat(tls.handshakes()).isEqualTo(40);
        assertThat(tls.version()).isEqualTo("TLSv" + version);
        List<String> log = log();
        assertThat(log).hasSize(80).allMatch(line -> line.endsWith(" 200"));
        assertThat(log.stream().filter(line -> line.contains("reused=r"))).hasSize(2 * (int) tls.resumed());
        assertThat(tls.resumed()).isPositive();
    }

    /** OpenSSL answers a FIN without close_notify with an alert, decode_error: what leaving it out leads to is no fault of the server's. */
    @ParameterizedTest
    @ValueSource(strings = {"1.2", "1.3"})
    void anAlertInAnswerToACloseNotifyThatWasLeftOutIsNoFailure(String version) throws Exception {
        openssl("-rev");
        Profile profile = Profiles.of("""
                target: localhost:%d
                connections: 10
                load: {closed: {concurrency: 1}}
                protocol: {script: [{send: "ab\\n"}, {expect: "ba\\n"}]}
                mix: [{name: only, exchanges: 2}]
                tls: {ca: %s, versions: %s, closeNotify: skip}
                """.formatted(port, home.resolve("server.pem"), version));
        Summary summary = IsolatedRun.onHost(profile);
        assertThat(completed(summary, 10).handshakes()).isEqualTo(10);
        assertThat(summary.causes()).isEmpty();
    }
}
