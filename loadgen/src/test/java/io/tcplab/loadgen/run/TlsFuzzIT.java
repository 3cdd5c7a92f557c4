package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.companion.CloseOnAccept;
import io.tcplab.companion.ServedProtocol;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.record.Measurement;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Servers that answer a ClientHello with what no server should: lengths that lie, messages without end, single bytes. Each connection fails
 * in TLS, none is a fault of ours, and nothing is kept.
 */
@OverEachTransport
@Timeout(180)
class TlsFuzzIT {

    private static final int ANSWERS = 2_500;
    private static final long MOST_KEPT_BYTES = 64L << 20;

    /** The native library's memory is in no heap. */
    private static final long MOST_RESIDENT_BYTES = 192L << 20;

    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int DATA = 23;

    /** How an answer reaches the client. */
    enum Delivery {
        WHOLE,
        BYTE_BY_BYTE,
        /** Again and again, until the client has enough. */
        ENDLESS,
        /** The beginning, and then nothing: the client's limit ends it. */
        CUT_OFF
    }

    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long residentBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .findFirst()
                .orElseThrow();
    }

    private static byte[] record(int type, int length, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(type);
        out.write(3);
        out.write(3);
        out.write(length >> 8);
        out.write(length);
        out.writeBytes(content);
        return out.toByteArray();
    }

    /** A message whose length says more, or less, than there is. */
    private static byte[] message(int type, int length, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(type);
        out.write(length >> 16);
        out.write(length >> 8);
        out.write(length);
        out.writeBytes(content);
        return out.toByteArray();
    }

    /** A ServerHello whose extensions hold one another, each longer than the one around it. */
    private static byte[] nested(Random random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(3);
        out.write(3);
        out.writeBytes(bytes(random, 32));
        out.write(random.nextInt(256)); // the session id's length
        out.writeBytes(bytes(random, random.nextInt(33)));
        out.write(0x13);
        out.write(1 + random.nextInt(3));
        out.write(0);
        for (int depth = 0; depth < 8; depth++) {
            out.write(random.nextInt(256));
            out.write(random.nextInt(256));
            out.write(0);
            out.write(random.nextBoolean() ? 43 : 51);
        }
        return out.toByteArray();
    }

    private static byte[] bytes(Random random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] answer(int number) {
        Random random = new Random(number * 7919L);
        byte[] hello = nested(random);
        byte[] made = switch (number % 9) {
            case 0 -> record(HANDSHAKE, hello.length + 4, message(2, hello.length, hello));
            case 1 -> record(HANDSHAKE, 0x4000, message(11, 0xff_ffff, bytes(random, 0x4000 - 4)));
            case 2 -> record(HANDSHAKE, 4, message(2, 0, new byte[0]));
            case 3 -> record(HANDSHAKE, 0xffff, bytes(random, 100));
            case 4 -> record(CHANGE_CIPHER_SPEC, 1, new byte[] {1});
            case 5 -> record(ALERT, 2, new byte[] {1, (byte) random.nextInt(256)});
            case 6 -> record(DATA, 0, new byte[0]);
            case 7 -> record(HANDSHAKE, 0, new byte[0]);
            default -> bytes(random, 1 + random.nextInt(300));
        };
        for (int i = random.nextInt(3); i > 0; i--) {
            made[random.nextInt(made.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return made;
    }

    private static void deliver(Delivery delivery, byte[] answer, OutputStream out) throws IOException {
        switch (delivery) {
            case WHOLE -> out.write(answer);
            case BYTE_BY_BYTE -> {
                for (int i = 0; i < Math.min(answer.length, 300); i++) {
                    out.write(answer, i, 1);
                }
            }
            case ENDLESS -> {
                while (true) {
                    out.write(answer);
                }
            }
            case CUT_OFF -> out.write(answer, 0, Math.min(answer.length, 1 + answer.length % 40));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whateverComesFailsInTlsAndKeepsNothing(Delivery delivery) throws Exception {
        long heapBefore = usedHeap();
        long residentBefore = residentBytes();
        try (MisbehavingServer server = new MisbehavingServer((socket, number) -> {
            socket.setTcpNoDelay(true);
            InputStream in = socket.getInputStream();
            int ignored = in.read(new byte[4096]);
            deliver(delivery, answer(number), socket.getOutputStream());
            if (delivery != Delivery.CUT_OFF) {
                socket.shutdownOutput();
            }
            long _ = in.transferTo(OutputStream.nullOutputStream());
            socket.close();
        })) {
            Profile profile = Profiles.of("""
                    name: fuzz
                    connections: %d
                    load: {closed: {concurrency: 64}}
                    protocol: echo
                    mix: [{name: only, exchanges: 1}]
                    client: {connectTimeout: %s}
                    tls: {versions: [1.2, 1.3], insecure: true}
                    """.formatted(ANSWERS, delivery == Delivery.CUT_OFF ? "50ms" : "60s"));
            Measurement measured = TlsCompanion.load(profile, server.address(), new byte[0]);
            assertThat(measured.total().outcome(ConnectionOutcome.TLS_FAILED))
                    .as("%s", measured.causes())
                    .isEqualTo(ANSWERS);
            assertThat(measured.causes()).noneMatch(each -> each.cause().incident() == Incident.BROKE);
        }
        assertThat(usedHeap() - heapBefore).as("of the heap").isLessThan(MOST_KEPT_BYTES);
        assertThat(residentBytes() - residentBefore).as("in memory").isLessThan(MOST_RESIDENT_BYTES);
    }

    /** What comes in single bytes comes all the same. */
    @Test
    void aFlawlessAnswerInSingleBytesIsAHandshake() throws Exception {
        try (TlsCompanion companion = new TlsCompanion(ServedProtocol.ECHO, CloseOnAccept.NONE);
                MisbehavingServer relay = new MisbehavingServer((client, _) -> byBytes(client, companion))) {
            Profile profile = Profiles.of("""
                    name: drops
                    connections: 30
                    load: {closed: {concurrency: 3}}
                    protocol: echo
                    mix: [{name: only, exchanges: 2}]
                    tls: {versions: [1.2, 1.3]}
                    client: {connectTimeout: 60s, exchangeTimeout: 60s, closeTimeout: 60s}
                    """);
            Measurement measured = TlsCompanion.load(profile, relay.address(), companion.certificate());
            assertThat(measured.total().outcome(ConnectionOutcome.COMPLETED))
                    .as("%s", measured.causes())
                    .isEqualTo(30);
        }
    }

    private static void byBytes(Socket client, TlsCompanion companion) throws IOException {
        client.setTcpNoDelay(true);
        try (client;
                Socket server = new Socket(
                        companion.address().getAddress(), companion.address().getPort())) {
            Thread.ofPlatform().daemon(true).start(() -> {
                try {
                    client.getInputStream().transferTo(server.getOutputStream());
                    server.shutdownOutput();
                } catch (IOException _) {
                    return; // one of the two has gone
                }
            });
            InputStream in = server.getInputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                client.getOutputStream().write(next);
            }
        }
    }
}
