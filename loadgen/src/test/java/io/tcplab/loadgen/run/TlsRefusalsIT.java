package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.companion.CloseOnAccept;
import io.tcplab.companion.ServedProtocol;
import io.tcplab.companion.tls.SelfSigned;
import io.tcplab.companion.tls.TlsContext;
import io.tcplab.companion.tls.TlsIdentity;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.CauseTally;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.record.Measurement;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Why TLS fails, or ends otherwise than it should, is told by name; and no byte of a server ends a run. */
@OverEachTransport
@Timeout(120)
class TlsRefusalsIT {

    private static final TlsIdentity OWN = SelfSigned.make("test", List.of("localhost"));
    private static final byte[] TRUSTED = SelfSigned.certificate(OWN.certificatePem());

    /** A fatal alert, handshake_failure, before any key is agreed on. */
    private static final byte[] ALERT = {21, 3, 3, 0, 2, 2, 40};

    private static Profile profile(String... sets) {
        return Profiles.of("""
                name: refusals
                connections: 10
                load: {closed: {concurrency: 2}}
                protocol: echo
                mix: [{name: only, exchanges: 2}]
                client: {connectTimeout: 60s, exchangeTimeout: 60s, closeTimeout: 60s}
                tls: {versions: 1.3}
                """, sets);
    }

    private static Measurement run(MisbehavingServer.Behaviour behaviour, String... sets) throws Exception {
        try (MisbehavingServer server = new MisbehavingServer(behaviour)) {
            return TlsCompanion.load(profile(sets), server.address(), TRUSTED);
        }
    }

    private static void assertFails(Measurement measured, String cause) {
        assertThat(measured.total().outcome(ConnectionOutcome.TLS_FAILED))
                .as("%s", measured.causes())
                .isEqualTo(10);
        assertThat(measured.causes())
                .extracting(counted -> counted.cause().text())
                .containsExactly(cause);
        assertThat(measured.causes()).extracting(CauseTally.Counted::count).containsExactly(10L);
    }

    @Test
    void aServerThatSpeaksNoTlsIsQuoted() throws Exception {
        assertFails(
                run((socket, _) -> {
                    int ignored = socket.getInputStream().read(new byte[100]);
                    socket.getOutputStream()
                            .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                }),
                "notTls: HTTP/1.1 400 Bad Request");
    }

    @Test
    void aServerThatSaysNothingTimesTheHandshakeOut() throws Exception {
        assertFails(run((_, _) -> {}, "client.connectTimeout=500ms"), "tlsNotEstablished");
    }

    @Test
    void aServerThatClosesOnTheFirstBytesIsNamed() throws Exception {
        assertFails(
                run((socket, _) -> {
                    int ignored = socket.getInputStream().read(new byte[10_000]);
                    socket.close();
                }),
                "closedInTlsHandshake");
    }

    @Test
    void aServerThatResetsOnTheFirstBytesIsNamed() throws Exception {
        assertFails(
                run((socket, _) -> {
                    int ignored = socket.getInputStream().read(new byte[10_000]);
                    socket.setSoLinger(true, 0);
                    socket.close();
                }),
                "resetInTlsHandshake");
    }

    @Test
    void anAlertIsToldByItsName() throws Exception {
        assertFails(run((socket, _) -> socket.getOutputStream().write(ALERT)), "tlsAlert: handshake_failure");
    }

    @Test
    void aCloseNotifyInPlaceOfAHandshakeIsToldByItsName() throws Exception {
        byte[] closeNotify = {21, 3, 3, 0, 2, 1, 0};
        assertFails(run((socket, _) -> socket.getOutputStream().write(closeNotify)), "tlsAlert: close_notify");
    }

    @Test
    void aCertificateThatNobodyTrustsIsRefusedInASentence() throws Exception {
        try (TlsCompanion companion = new TlsCompanion(ServedProtocol.ECHO, CloseOnAccept.NONE)) {
            Profile profile = profile();
            LoadRun run =
                    new LoadRun(profile, companion.address(), TlsClients.of(profile, null, null), 1, LoopCpus.ANY);
            Measurement measured = run.execute(_ -> {});
            assertThat(measured.total().outcome(ConnectionOutcome.TLS_FAILED)).isEqualTo(10);
            assertThat(measured.causes())
                    .extracting(counted -> counted.cause().text())
                    .singleElement()
                    .asString()
                    .startsWith("certificateRefused: it is self-signed (CN=tcplab companion)");
            assertThat(companion.counts().tlsFailed()).isEqualTo(10);
        }
    }

    private static void echo(TlsTalk talk, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            talk.write(talk.read());
        }
    }

    @Test
    void aServerThatClosesFirstWithoutCloseNotifyIsACause() throws Exception {
        try (TlsContext context = TlsContext.server(OWN, List.of())) {
            Measurement measured = run((socket, _) -> {
                echo(new TlsTalk(socket, context), 1);
                socket.close();
            });
            assertThat(measured.total().outcome(ConnectionOutcome.CLOSED_EARLY))
                    .as("%s", measured.causes())
                    .isEqualTo(10);
            assertThat(measured.causes())
                    .filteredOn(counted -> counted.cause().incident() == Incident.NO_CLOSE_NOTIFY)
                    .extracting(CauseTally.Counted::count)
                    .containsExactly(10L);
        }
    }

    @Test
    void aServerThatClosesFirstWithCloseNotifyIsNoSuchCause() throws Exception {
        try (TlsContext context = TlsContext.server(OWN, List.of())) {
            Measurement measured = run((socket, _) -> {
                TlsTalk talk = new TlsTalk(socket, context);
                echo(talk, 1);
                talk.closeNotify();
                socket.close();
            });
            assertThat(measured.total().outcome(ConnectionOutcome.CLOSED_EARLY))
                    .as("%s", measured.causes())
                    .isEqualTo(10);
            assertThat(measured.causes()).noneMatch(counted -> counted.cause().incident() == Incident.NO_CLOSE_NOTIFY);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCloseWhileAConnectionThinksIsNoticedWhenItComes(boolean says) throws Exception {
        try (TlsContext context = TlsContext.server(OWN, List.of())) {
            long began = System.nanoTime();
            Measurement measured = run(
                    (socket, _) -> {
                        TlsTalk talk = new TlsTalk(socket, context);
                        echo(talk, 1);
                        Thread.sleep(500);
                        if (says) {
                            talk.closeNotify();
                        }
                        socket.close();
                    },
                    "mix.0.think=20s");
            assertThat(System.nanoTime() - began)
                    .as("long before a pause is over")
                    .isLessThan(15_000_000_000L);
            assertThat(measured.total().outcome(ConnectionOutcome.CLOSED_EARLY))
                    .as("%s", measured.causes())
                    .isEqualTo(10);
            assertThat(measured.causes())
                    .extracting(counted -> counted.cause().incident())
                    .containsExactlyInAnyOrderElementsOf(
                            says
                                    ? List.of(Incident.CLOSED_WHILE_IDLE)
                                    : List.of(Incident.CLOSED_WHILE_IDLE, Incident.NO_CLOSE_NOTIFY));
        }
    }

    @Test
    void aServerThatDoesNotAnswerCloseNotifyTimesTheCloseOut() throws Exception {
        try (TlsContext context = TlsContext.server(OWN, List.of())) {
            Measurement measured = run(
                    (socket, _) -> {
                        echo(new TlsTalk(socket, context), 2);
                        Thread.sleep(60_000); // until the server is closed
                    },
                    "tls.closeNotify=await",
                    "client.closeTimeout=500ms");
            assertThat(measured.total().outcome(ConnectionOutcome.CLOSE_TIMED_OUT))
                    .as("%s", measured.causes())
                    .isEqualTo(10);
            assertThat(measured.causes())
                    .extracting(counted -> counted.cause().text())
                    .containsExactly("closeNotifyNotAnswered");
        }
    }

    /** One connection of so many is handed on unchanged. */
    private static final int ONE_UNCHANGED_IN = 4;

    /** After a change the relay waits no longer for the server: the two may be waiting for each other. */
    private static final int CHANGED_MILLIS = 300;

    /** However slow the machine is: a connection that is handed on unchanged has time, and a changed one is ended by the relay. */
    @Test
    void whateverAServersBytesBecomeTheBooksBalance() throws Exception {
        int connections = 2_000;
        try (TlsCompanion companion = new TlsCompanion(ServedProtocol.ECHO, CloseOnAccept.NONE);
                MisbehavingServer relay = new MisbehavingServer((socket, number) -> relay(socket, number, companion))) {
            Profile profile = profile(
                    "connections=" + connections,
                    "load.closed.concurrency=64",
                    "tls.resume=50%",
                    "tls.versions=[1.2, 1.3]");
            Measurement measured = TlsCompanion.load(profile, relay.address(), companion.certificate());
            assertThat(measured.total().started()).isEqualTo(connections);
            assertThat(measured.causes())
                    .as("no fault of ours")
                    .noneMatch(counted -> counted.cause().incident() == Incident.BROKE);
            assertThat(measured.total().outcome(ConnectionOutcome.COMPLETED))
                    .as("%s", measured.causes())
                    .isGreaterThanOrEqualTo(connections / ONE_UNCHANGED_IN);
            assertThat(measured.total().outcome(ConnectionOutcome.TLS_FAILED)).isGreaterThan(connections / 10);
        }
    }

    private static final int CHANGES = 5;
    private static final int NO_CHANGE = 11;

    /** Hands bytes on in both directions; of the server's, some are changed, left out, doubled or invented. */
    private static void relay(Socket client, int number, TlsCompanion companion) throws IOException {
        Random random = new Random(number * 7919L);
        // From an address of its own: what other tests left in TIME_WAIT towards the companion's port takes none of its
        // ports.
        InetAddress own = InetAddress.getByName("127.0.7." + (1 + number % 250));
        try (client;
                Socket server = new Socket(
                        companion.address().getAddress(), companion.address().getPort(), own, 0)) {
            Thread back = Thread.ofPlatform().daemon(true).start(() -> {
                try {
                    client.getInputStream().transferTo(server.getOutputStream());
                    server.shutdownOutput();
                } catch (IOException _) {
                    return; // one of the two has gone
                }
            });
            InputStream in = server.getInputStream();
            OutputStream out = client.getOutputStream();
            byte[] bytes = new byte[1 << 14];
            for (int read = in.read(bytes); read > 0; read = in.read(bytes)) {
                int at = random.nextInt(read);
                int change = number % ONE_UNCHANGED_IN == 0 ? NO_CHANGE : random.nextInt(NO_CHANGE + 1);
                if (change < CHANGES) {
                    server.setSoTimeout(CHANGED_MILLIS);
                }
                switch (change) {
                    case 0 -> bytes[at] = (byte) random.nextInt(256);
                    case 1 -> bytes[random.nextInt(Math.min(5, read))] ^= (byte) (1 << random.nextInt(8));
                    case 2 -> out.write(bytes, 0, at);
                    case 3 -> read = at;
                    case 4 -> random.nextBytes(bytes);
                    default -> {}
                }
                out.write(bytes, 0, read);
            }
            back.interrupt();
        } catch (IOException _) {
            return; // one of the two has gone
        }
    }
}
