package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.record.LedgerReading;
import io.tcplab.loadgen.record.Measurement;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No byte of a target ends a run: whatever comes, each connection has one outcome, and none is a fault of ours. */
@Timeout(120)
class MutatedAnswersIT {

    private static final int ANSWERS = 2_500;

    private static final List<String> FLAWLESS = List.of(
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 404 Not Found\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n\u0001\u0002",
            "HTTP/1.1 204 No Content\r\n\r\n",
            "HTTP/1.1 200 OK\r\n\r\nuntil the end",
            "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007",
            "");

    private static byte[] answer(int number) {
        Random random = new Random(number * 7919L);
        byte[] bytes = FLAWLESS.get(random.nextInt(FLAWLESS.size())).getBytes(StandardCharsets.ISO_8859_1);
        for (int i = random.nextInt(4); i > 0 && bytes.length > 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = Arrays.copyOf(bytes, at);
                default -> bytes = twice(bytes, at);
            }
        }
        return bytes;
    }

    private static byte[] twice(byte[] bytes, int from) {
        byte[] longer = Arrays.copyOf(bytes, 2 * bytes.length - from);
        System.arraycopy(bytes, from, longer, bytes.length, bytes.length - from);
        return longer;
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "tcplab", "echo", "none"})
    void whateverComesTheBooksBalance(String protocol) throws Exception {
        try (MisbehavingServer server = new MisbehavingServer((socket, number) -> {
            try (socket) {
                byte[] answer = answer(number);
                int read = protocol.equals("none") ? 0 : socket.getInputStream().read(new byte[256]);
                int half = read < 0 ? 0 : answer.length / (1 + number % 3);
                socket.getOutputStream().write(answer, 0, half);
                socket.getOutputStream().write(answer, half, answer.length - half);
                if (number % 4 == 0) {
                    socket.setSoLinger(true, 0);
                }
            }
        })) {
            Profile profile = Profiles.of("""
                    name: mutated
                    connections: %d
                    load: {closed: {concurrency: 8}}
                    protocol: %s
                    mix: [{name: only, exchanges: %d}]
                    client: {exchangeTimeout: 500ms, closeTimeout: 500ms}
                    """.formatted(ANSWERS, protocol, protocol.equals("none") ? 0 : 2));
            Measurement measured = new LoadRun(profile, server.address(), 1, LoopCpus.ANY).execute(_ -> {});
            LedgerReading total = measured.total();
            assertThat(total.started()).isEqualTo(ANSWERS);
            assertThat(total.ended()).isEqualTo(ANSWERS);
            assertThat(measured.causes())
                    .as("no fault of ours")
                    .noneMatch(counted -> counted.cause().incident() == Incident.BROKE);
        }
    }
}
