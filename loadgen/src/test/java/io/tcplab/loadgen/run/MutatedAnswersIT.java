package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.record.LedgerReading;
import io.tcplab.loadgen.record.Measurement;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No byte of a target ends a run: whatever comes, each connection has one outcome, and none is a fault of ours. */
@OverEachTransport
@Timeout(240)
class MutatedAnswersIT {

    private static final int ANSWERS = 2_500;
    private static final int HTTP_ANSWERS = 10_000;

    private static final List<String> FLAWLESS = List.of(
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 404 Not Found\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n\u0001\u0002",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\nKeep-Alive: timeout=5, max=9\r\n\r\n"
                    + "3;a=\"b\"\r\nhel\r\n02\r\nlo\r\n0;c\r\nETag: 1\r\nX: y\r\n\r\n",
            "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello",
            "HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 503 x\r\nX: 1\r\n folded\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 204 No Content\r\n\r\n",
            "HTTP/1.1 200 OK\r\n\r\nuntil the end",
            "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007",
            "");

    private static final long MOST_KEPT_BYTES = 64 << 20;

    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

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
    @ValueSource(
            strings = {
                "http",
                "{http: {method: POST, body: {bytes: 300kB}, expect: {body: ello$}}}",
                "{http: {method: PUT, body: words, headers: {Expect: 100-continue}}}",
                "tcplab",
                "echo",
                "none"
            })
    void whateverComesTheBooksBalance(String protocol) throws Exception {
        boolean http = protocol.contains("http");
        int answers = http ? HTTP_ANSWERS : ANSWERS;
        long heapBefore = usedHeap();
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
            Profile profile = Profiles.of(
                    """
                    name: mutated
                    connections: %d
                    load: {closed: {concurrency: 8}}
                    protocol: %s
                    mix: [{name: only, exchanges: %d%s}]
                    client: {exchangeTimeout: 100ms, closeTimeout: 100ms}
                    """.formatted(answers, protocol, protocol.equals("none") ? 0 : 2, http ? ", reconnect: true" : ""));
            Measurement measured = new LoadRun(profile, server.address(), 1, LoopCpus.ANY).execute(_ -> {});
            LedgerReading total = measured.total();
            assertThat(total.started()).isGreaterThanOrEqualTo(answers);
            assertThat(total.started() - answers)
                    .as("what an announced close left goes on, once")
                    .isLessThanOrEqualTo(total.exchanges());
            assertThat(total.ended()).isEqualTo(total.started());
            assertThat(total.notBegun()).isZero();
            assertThat(measured.statuses().values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isLessThanOrEqualTo(total.exchanges() + total.lost());
            assertThat(usedHeap() - heapBefore).as("nothing is kept").isLessThan(MOST_KEPT_BYTES);
            assertThat(measured.causes())
                    .as("no fault of ours")
                    .noneMatch(counted -> counted.cause().incident() == Incident.BROKE);
        }
    }
}
