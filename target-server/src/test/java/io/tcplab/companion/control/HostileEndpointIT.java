package io.tcplab.companion.control;

import static io.tcplab.companion.control.ScriptedEndpoint.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.companion.CompanionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever an endpoint sends, the client ends in time with facts or with one printable sentence. */
@Timeout(60)
class HostileEndpointIT {

    private static final long QUARTER_SECOND = 250_000_000;

    private static ScriptedEndpoint endpoint(String answer) throws IOException {
        return new ScriptedEndpoint((_, to) -> {
            to.write(answer.getBytes(StandardCharsets.UTF_8));
            to.flush();
        });
    }

    static Stream<String> answers() {
        String observation = "{\"last\":5,\"lost\":0,\"observations\":[{\"atNanos\":1,%s}]}";
        return Stream.of(
                json(200, ""),
                json(200, "[1,2,3]"),
                json(200, "\u001b[31m not JSON"),
                json(200, "{\"last\":1,\"observations\":[{\"atNanos\":1},"),
                json(200, "{\"a\":".repeat(100_000)),
                json(200, "{\"observations\":" + "[".repeat(100_000)),
                json(200, "{\"last\":99999999999999999999999,\"observations\":[]}"),
                json(200, "{\"last\":9223372036854775807,\"lost\":0,\"observations\":[]}"),
                json(200, "{\"last\":-5,\"lost\":0,\"observations\":[]}"),
                json(200, "{\"last\":5,\"lost\":-3,\"observations\":[]}"),
                json(200, "{\"last\":\"x\",\"lost\":null,\"observations\":{\"a\":1}}"),
                json(200, "{\"last\":5,\"lost\":0}"),
                json(200, "{\"last\":5,\"lost\":0,\"port\":99999,\"observations\":[]}"),
                json(200, "{\"last\":1,\"lost\":0,\"observations\":[1]}"),
                json(200, observation.formatted("\"states\":{\"port\":99999999999,\"server\":{}}")),
                json(200, observation.formatted("\"states\":{\"port\":80,\"server\":{\"ESTABLISHED\":99999999999}}")),
                json(200, observation.formatted("\"states\":{\"port\":80,\"server\":{\"ESTABLISHED\":-5}}")),
                json(200, observation.formatted("\"states\":7")),
                json(200, observation.formatted("\"listeners\":[{\"address\":\"127.0.0.1\",\"queue\":-7}]")),
                json(200, observation.formatted("\"listeners\":[{\"address\":\"127.0.0.1\",\"queue\":\"7\"}]")),
                json(200, observation.formatted("\"wallMillis\":1e400")),
                json(200, observation.formatted("\"counterDeltas\":{\"=cmd|calc!A0,1\\n999,server,1\":5}")),
                json(200, observation.formatted("\"counterDeltas\":{\"TcpExt.\\u001b[31mEvil\":5}")),
                json(200, observation.formatted("\"counterDeltas\":{\"Tcp.ActiveOpens\":-1}")),
                json(200, observation.formatted("\"counterDeltas\":{\"Tcp.ActiveOpens\":9007199254740993}")),
                json(500, "{\"failed\":\"\\u001b[31mHACKED\\u001b]0;pwn\\u0007\\n\\u202esecond line\"}"),
                json(401, "{\"failed\":" + "\"x".repeat(100_000) + "\"}"),
                "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffff\r\n",
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\n" + "X-A: b\r\n".repeat(100_000),
                "HTTP/1.1 200 OK\r\n\r\n{}",
                "hello\u001b[31m\r\n");
    }

    @ParameterizedTest
    @MethodSource("answers")
    void whatIsNoAnswerIsRefusedByOnePrintableSentence(String answer) throws IOException {
        try (ScriptedEndpoint endpoint = endpoint(answer);
                ControlClient client = new ControlClient("127.0.0.1", endpoint.port(), null)) {
            assertThatThrownBy(() -> client.observations(0))
                    .isInstanceOf(CompanionException.class)
                    .satisfies(e -> assertThat(e.getMessage())
                            .hasSizeLessThan(500)
                            .matches("[\\x20-\\x7e…]+")
                            .startsWith("control http://127.0.0.1:"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{\"a\":\"", "HTTP/1.1 200 OK\r\nX: ", ""})
    void anAnswerThatDripsEndsInTime(String beginning) throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        try (ScriptedEndpoint endpoint = new ScriptedEndpoint((_, to) -> {
                    to.write(beginning.getBytes(StandardCharsets.UTF_8));
                    while (!over.await(1, TimeUnit.MILLISECONDS)) {
                        to.write('x');
                        to.flush();
                    }
                });
                ControlClient client = new ControlClient("127.0.0.1", endpoint.port(), null)) {
            client.endBy(System.nanoTime() + QUARTER_SECOND);
            assertThatThrownBy(client::clock).isInstanceOf(CompanionException.class);
            assertThat(client.isConnected()).isFalse();
        } finally {
            over.countDown();
        }
    }

    @Test
    void anEndlessBodyIsNotTakenIn() throws IOException {
        try (ScriptedEndpoint endpoint = new ScriptedEndpoint((_, to) -> {
                    to.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                    while (true) {
                        to.write(new byte[1 << 16]);
                    }
                });
                ControlClient client = new ControlClient("127.0.0.1", endpoint.port(), null)) {
            assertThatThrownBy(client::clock).hasMessageContaining("has no length");
        }
    }

    @Test
    void closingEndsAQuestionThatWaits() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        try (ScriptedEndpoint endpoint = new ScriptedEndpoint((_, _) -> {
            asked.countDown();
            never.await();
        })) {
            ControlClient client = new ControlClient("127.0.0.1", endpoint.port(), null);
            Thread closer = Thread.ofVirtual().start(() -> {
                try {
                    asked.await();
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
                client.close();
            });
            assertThatThrownBy(client::clock).isInstanceOf(CompanionException.class);
            closer.join();
            assertThatThrownBy(client::clock).hasMessageContaining("no longer asked");
            assertThat(endpoint.connections()).isEqualTo(1);
            never.countDown();
        }
    }

    @Test
    void allQuestionsShareOneConnectionAndABrokenOneIsReplacedOnceAsked() throws Exception {
        try (ScriptedEndpoint endpoint = endpoint(json(200, "{\"nanos\":7,\"wallMillis\":8}"));
                ControlClient client = new ControlClient("127.0.0.1", endpoint.port(), null)) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.clock()).isEqualTo(new ClockReading(7, 8));
            }
            assertThat(client.connections()).isEqualTo(1);
            assertThatThrownBy(client::counts).hasMessageContaining("it has no counts");
            assertThat(client.isConnected()).isFalse();
            client.clock();
            assertThat(client.connections()).isEqualTo(2);
        }
    }

    @Test
    void settingsWithOtherNamesAreRefusedAndTheirTextIsMadePrintable() throws Exception {
        try (ScriptedEndpoint endpoint = endpoint(
                        json(200, "{\"bootId\":\"\\u001b[31mx\",\"sysctls\":{\"net.core.somaxconn\":\"1\\n2\"}}"));
                ControlClient client = new ControlClient("127.0.0.1", endpoint.port(), null)) {
            assertThat(client.side().bootId()).isEqualTo("\\u001b[31mx");
            assertThat(client.side().sysctls()).containsEntry("net.core.somaxconn", "1\\n2");
        }
        try (ScriptedEndpoint endpoint = endpoint(json(200, "{\"limits\":{\"<b>\":\"1\"}}"));
                ControlClient client = new ControlClient("127.0.0.1", endpoint.port(), null)) {
            assertThatThrownBy(client::side).hasMessageContaining("no setting has the name <b>");
        }
    }
}
