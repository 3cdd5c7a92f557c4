package io.tcplab.companion.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.handler.ssl.OpenSsl;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both ends of TLS against each other, in memory, with BoringSSL and with the JDK's. */
@Timeout(60)
class TlsEngineTest {

    private static final int ROOM = 1 << 16;
    private static final TlsIdentity OWN =
            SelfSigned.make("test", List.of("localhost", "127.0.0.1", "::1", "*.test.example"));

    private final MemorySegment wire = Arena.ofAuto().allocate(ROOM);
    private final MemorySegment plain = Arena.ofAuto().allocate(ROOM);

    private static TlsContext.Client settings(TlsTrust trust, TlsVersion version) {
        return new TlsContext.Client("localhost", List.of("http/1.1"), trust, null, List.of(version), true);
    }

    private static TlsContext client(boolean boring, TlsContext.Client client) {
        assumeTrue(!boring || OpenSsl.isAvailable(), "Netty has no BoringSSL for this machine");
        return boring ? BoringContext.client(client) : JdkContext.client(client);
    }

    private static TlsContext server(boolean boring) {
        List<String> alpn = List.of("http/1.1");
        return boring ? BoringContext.server(OWN, alpn) : JdkContext.server(OWN, alpn);
    }

    @ParameterizedTest
    @CsvSource({
        "true,true,V1_2",
        "true,true,V1_3",
        "true,false,V1_2",
        "true,false,V1_3",
        "false,true,V1_3",
        "false,false,V1_2"
    })
    void whatOneEndWritesTheOtherReads(boolean boringClient, boolean boringServer, TlsVersion version) {
        TlsTrust own = TlsTrust.only(SelfSigned.certificate(OWN.certificatePem()));
        try (TlsContext clients = client(boringClient, settings(own, version));
                TlsContext servers = server(boringServer)) {
            TlsEngine client = clients.open(false);
            TlsEngine server = servers.open(false);
            assertThat(shakeHands(client, server)).isEqualTo(TlsEngine.DONE);
            assertThat(client.version()).isEqualTo(version.text());
            assertThat(client.cipher()).isEqualTo(client.cipher()).isNotEmpty();
            assertThat(client.alpn()).isEqualTo("http/1.1");
            assertThat(client.resumed()).isFalse();
            assertThat(sent(client, server, "what the client says")).isEqualTo("what the client says");
            assertThat(sent(server, client, "what the server says")).isEqualTo("what the server says");
            client.closeNotify();
            pass(client, server);
            assertThat(server.read(plain.address(), ROOM)).isEqualTo(TlsEngine.ENDED);
            client.release();
            server.release();
        }
    }

    @ParameterizedTest
    @CsvSource({"true,V1_2", "true,V1_3", "false,V1_2", "false,V1_3"})
    void aSessionIsResumedWhereItIsAskedFor(boolean boring, TlsVersion version) {
        try (TlsContext clients = client(boring, settings(TlsTrust.ANYONE, version));
                TlsContext servers = server(boring)) {
            assertThat(resumes(clients, servers, true)).isFalse();
            assertThat(resumes(clients, servers, true)).isTrue();
            assertThat(resumes(clients, servers, false)).isFalse();
            assertThat(resumes(clients, servers, true)).isTrue();
        }
    }

    private boolean resumes(TlsContext clients, TlsContext servers, boolean asked) {
        TlsEngine client = clients.open(asked);
        TlsEngine server = servers.open(false);
        assertThat(shakeHands(client, server)).isEqualTo(TlsEngine.DONE);
        String greeting = sent(server, client, "tickets come with the first bytes");
        assertThat(greeting).isEqualTo("tickets come with the first bytes");
        boolean resumed = client.resumed();
        client.release();
        server.release();
        return resumed;
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void anUnknownSelfSignedCertificateIsRefusedInASentence(boolean boring) {
        try (TlsContext clients = client(boring, settings(TlsTrust.system("localhost"), TlsVersion.V1_3));
                TlsContext servers = server(boring)) {
            TlsEngine client = clients.open(false);
            TlsEngine server = servers.open(false);
            assertThat(shakeHands(client, server)).isEqualTo(TlsEngine.FAILED);
            assertThat(client.failure())
                    .isEqualTo(new TlsFailure(
                            TlsFailure.Kind.CERTIFICATE, "it is self-signed (CN=test) and not among the trusted ones"));
            pass(client, server);
            assertThat(server.handshake()).isEqualTo(TlsEngine.FAILED);
            assertThat(server.failure().kind()).isEqualTo(TlsFailure.Kind.ALERT);
            client.release();
            server.release();
        }
    }

    @Test
    void theNameMustBeAmongTheCertificatesNames() throws Exception {
        Path file = Files.createTempFile("own", ".pem");
        try {
            Files.writeString(file, OWN.certificatePem());
            byte[][] chain = {SelfSigned.certificate(OWN.certificatePem())};
            for (String name : List.of("localhost", "127.0.0.1", "::1", "www.test.example")) {
                assertThat(TlsTrust.authorities(file, name).judge(chain))
                        .as(name)
                        .isNull();
            }
            for (String name :
                    List.of("test", "127.0.0.2", "a.www.test.example", "test.example", "localhost.example")) {
                TlsTrust.Refusal refusal = TlsTrust.authorities(file, name).judge(chain);
                assertThat(refusal).as(name).isNotNull();
                assertThat(refusal.sentence())
                        .startsWith("it is not for " + name + "; it is for localhost, 127.0.0.1")
                        .contains(", ::1, ");
            }
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void aCertificateIsTrustedInItsTimeAloneAlsoWhereItIsItsOwnAuthority() throws Exception {
        assertThat(judged(-60)).isEqualTo("it, or one above it, has expired");
        assertThat(judged(5)).isEqualTo("it, or one above it, is not yet valid");
        assertThat(judged(-5)).isEqualTo("trusted");
    }

    /** What is said of one that is valid for thirty days from so many days after today on; the day itself is left out. */
    private static String judged(int days) throws IOException {
        TlsIdentity identity =
                SelfSigned.make("test", List.of("localhost"), Instant.now().plus(days, ChronoUnit.DAYS));
        Path file = Files.createTempFile("own", ".pem");
        try {
            Files.writeString(file, identity.certificatePem());
            byte[][] chain = {SelfSigned.certificate(identity.certificatePem())};
            TlsTrust.Refusal refusal = TlsTrust.authorities(file, "localhost").judge(chain);
            return refusal == null ? "trusted" : refusal.sentence().replaceFirst(" \\(.*", "");
        } finally {
            Files.delete(file);
        }
    }

    private int shakeHands(TlsEngine client, TlsEngine server) {
        int ofClient = client.handshake();
        for (int i = 0; i < 10 && ofClient == TlsEngine.MORE; i++) {
            pass(client, server);
            server.handshake();
            pass(server, client);
            ofClient = client.handshake();
        }
        if (ofClient == TlsEngine.DONE) {
            pass(client, server);
            assertThat(server.handshake()).isEqualTo(TlsEngine.DONE);
            pass(server, client);
            assertThat(client.read(plain.address(), ROOM)).isEqualTo(TlsEngine.MORE);
        }
        return ofClient;
    }

    /** All that one end has to send goes to the other. */
    private void pass(TlsEngine from, TlsEngine to) {
        int length = 0;
        for (int drained = from.drain(wire.address(), ROOM); drained > 0; ) {
            length += drained;
            drained = from.drain(wire.address() + length, ROOM - length);
        }
        if (length > 0) {
            to.feed(wire.address(), length);
        }
    }

    private String sent(TlsEngine from, TlsEngine to, String text) {
        MemorySegment.copy(MemorySegment.ofArray(text.getBytes(StandardCharsets.US_ASCII)), 0, plain, 0, text.length());
        int taken = from.write(plain.address(), text.length(), wire.address(), ROOM);
        assertThat(taken).isEqualTo(text.length());
        to.feed(wire.address(), from.written());
        int read = to.read(plain.address(), ROOM);
        assertThat(read).isPositive();
        return new String(
                plain.asSlice(0, read).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII);
    }
}
