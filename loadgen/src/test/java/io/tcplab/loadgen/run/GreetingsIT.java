package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.companion.tls.SelfSigned;
import io.tcplab.companion.tls.TlsContext;
import io.tcplab.companion.tls.TlsIdentity;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Measurement;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that speak first are heard whenever what they say comes: with the handshake, with the one of TLS, or all at once. */
@OverEachTransport
@Timeout(120)
class GreetingsIT {

    private static final byte[] GREETING = "220 ready\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final String STEPS = """
            [{expect: "220 ready\\r\\n"}, {loop: [{send: "x\\r\\n"}, {expect: "x\\r\\n"}]}]""";

    private static Profile profile(String steps, int connections, int exchanges, String... sets) {
        return Profiles.of("""
                connections: %d
                load: {closed: {concurrency: 64}}
                protocol: {script: %s}
                mix: [{name: only, exchanges: %d}]
                client: {exchangeTimeout: 10s}
                """.formatted(connections, steps, exchanges), sets);
    }

    private static void assertComplete(Measurement measured, long connections, long exchanges) {
        assertThat(measured.total().outcome(ConnectionOutcome.COMPLETED))
                .as("%s", measured.causes())
                .isEqualTo(connections);
        assertThat(measured.total().exchanges()).isEqualTo(exchanges);
    }

    /** With optimistic: false every handshake is waited for, as with a server that is far away. */
    @Test
    void aGreetingThatComesWhileTheHandshakeIsWaitedForIsHeard() throws Exception {
        try (MisbehavingServer server = new MisbehavingServer((socket, _) -> {
            socket.getOutputStream().write(GREETING);
            socket.getOutputStream().write(socket.getInputStream().readNBytes(3));
            socket.close();
        })) {
            Profile profile = profile(STEPS, 1_000, 1, "client.optimistic=false", "client.eventLoops=1");
            assertComplete(new LoadRun(profile, server.address(), 1, LoopCpus.ANY).execute(_ -> {}), 1_000, 1_000);
        }
    }

    /** In TLS 1.2 the server's Finished is the last of a full handshake, and a greeting may stand right behind it. */
    @Test
    void aGreetingThatComesWithTheEndOfTheTlsHandshakeIsHeard() throws Exception {
        TlsIdentity own = SelfSigned.make("test", List.of("localhost"));
        try (TlsContext context = TlsContext.server(own, List.of());
                MisbehavingServer server = new MisbehavingServer((socket, _) -> {
                    TlsTalk talk = new TlsTalk(socket, context, GREETING);
                    talk.write(talk.read());
                    talk.closeNotify();
                    socket.close();
                })) {
            Profile profile = profile(STEPS, 100, 1, "tls.versions=1.2");
            Measurement measured =
                    TlsCompanion.load(profile, server.address(), SelfSigned.certificate(own.certificatePem()));
            assertComplete(measured, 100, 100);
        }
    }

    /** The close_notify that is waited for has come with the handshake, and no readiness follows its FIN. */
    @Test
    void aCloseNotifyThatComesWithTheEndOfTheTlsHandshakeIsNotWaitedFor() throws Exception {
        TlsIdentity own = SelfSigned.make("test", List.of("localhost"));
        try (TlsContext context = TlsContext.server(own, List.of());
                MisbehavingServer server = new MisbehavingServer((socket, _) -> {
                    TlsTalk.thatEnds(socket, context);
                    socket.shutdownOutput();
                })) {
            Profile profile = Profiles.of("""
                    connections: 200
                    load: {closed: {concurrency: 32}}
                    protocol: none
                    mix: [{name: only}]
                    client: {closeTimeout: 10s, eventLoops: 1}
                    tls: {versions: 1.2, closeNotify: await}
                    """);
            Measurement measured =
                    TlsCompanion.load(profile, server.address(), SelfSigned.certificate(own.certificatePem()));
            assertComplete(measured, 200, 0);
        }
    }

    /** A request would come too late, and be answered by RST. */
    @Test
    void noRequestIsSentBehindACloseNotifyThatComesWithTheEndOfTheTlsHandshake() throws Exception {
        TlsIdentity own = SelfSigned.make("test", List.of("localhost"));
        AtomicInteger heard = new AtomicInteger();
        try (TlsContext context = TlsContext.server(own, List.of());
                MisbehavingServer server = new MisbehavingServer((socket, _) -> {
                    TlsTalk _ = TlsTalk.thatEnds(socket, context);
                    socket.shutdownOutput();
                    while (socket.getInputStream().read() >= 0) {
                        heard.incrementAndGet();
                    }
                    socket.close();
                })) {
            Profile profile = Profiles.of("""
                    connections: 200
                    load: {closed: {concurrency: 32}}
                    protocol: http
                    mix: [{name: only, exchanges: 2}]
                    client: {exchangeTimeout: 10s, eventLoops: 1}
                    tls: {versions: 1.2}
                    """);
            Measurement measured =
                    TlsCompanion.load(profile, server.address(), SelfSigned.certificate(own.certificatePem()));
            assertThat(measured.total().outcome(ConnectionOutcome.CLOSED_EARLY))
                    .as("%s", measured.causes())
                    .isEqualTo(200);
            assertThat(measured.causes())
                    .extracting(each -> each.cause().text())
                    .containsExactly("closedOnAccept");
            assertThat(heard).hasValue(0);
        }
    }

    /** What is left in the socket while the script pauses is read behind the pause, though nothing more comes that would report it. */
    @ParameterizedTest
    @ValueSource(strings = {"", "{send: \"x\"}, ", "{expect: {bytes: 64KiB}}, {send: \"x\"}, "})
    void whatComesAheadOfAPauseIsCounted(String then) throws Exception {
        int bytes = 1 << 18;
        try (MisbehavingServer server = new MisbehavingServer((socket, _) -> {
            socket.setSendBufferSize(2 * bytes);
            socket.getOutputStream().write(new byte[bytes + (then.contains("expect") ? 1 << 16 : 0)]);
            socket.getInputStream().readAllBytes();
            socket.close();
        })) {
            String steps = "[{pause: 200ms}, " + then + "{expect: {bytes: " + bytes + "B}}]";
            Profile profile = profile(steps, 20, 1, "client.eventLoops=1", "client.receiveBuffer=1MiB");
            assertComplete(new LoadRun(profile, server.address(), 1, LoopCpus.ANY).execute(_ -> {}), 20, 20);
        }
    }

    /** A feed: nothing is asked for, and what has come before its FIN is all counted. */
    @ParameterizedTest
    @ValueSource(ints = {10, 8_192, 65_536})
    void aFeedThatIsAheadIsCountedMessageByMessage(int bytes) throws Exception {
        int messages = 400_000 / bytes + 20;
        try (MisbehavingServer server = new MisbehavingServer((socket, _) -> {
            socket.getOutputStream().write(new byte[bytes * messages]);
            socket.close();
        })) {
            Profile profile = profile("[{expect: {bytes: " + bytes + "B}}]", 10, messages, "client.eventLoops=1");
            Measurement measured = new LoadRun(profile, server.address(), 1, LoopCpus.ANY).execute(_ -> {});
            assertComplete(measured, 10, 10L * messages);
        }
    }
}
