package io.tcplab.loadgen.inspect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers that are slow, keep no connection, or look at a clock now and then: none of that is a fault, and it is said as it is. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class OddServersIT {

    private static final String KEPT = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String CLOSED = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";
    private static final int SLOW_MILLIS = 2_200;
    private static final int TICK_MILLIS = 500;
    private static final long EARLIER_NANOS = 200_000_000L;
    private static final long ANNOUNCED_NANOS = 1_050_000_000L;

    private static void answer(Socket socket, int tookMillis) throws IOException, InterruptedException {
        for (String head = SmallServer.head(socket); !head.isEmpty(); head = SmallServer.head(socket)) {
            Thread.sleep(tookMillis);
            boolean closes = head.contains("Connection: close")
                    || (head.contains("HTTP/1.0") && !head.contains("Connection: keep-alive"));
            SmallServer.say(socket, closes ? CLOSED : KEPT);
            if (closes) {
                return;
            }
        }
    }

    @Test
    void aServerThatTakesItsTimeForEachResponseHasNoFindingForIt() throws Exception {
        try (SmallServer server = SmallServer.start(socket -> answer(socket, SLOW_MILLIS))) {
            Inspected inspected = Inspected.of(server.address(), Duration.ofSeconds(1), "--check", "B3,C1,I3,I4,S3");
            assertThat(inspected.findings()).isEmpty();
            assertThat(inspected.observed("B3")).isEqualTo("serves several at once");
            assertThat(inspected.observed("I4")).isEqualTo("obeyed");
            assertThat(inspected.observed("S3")).isEqualTo("all in order");
            // It is not asked 120 times where that would take minutes.
            assertThat(inspected.check("I3").get("sentence").asString()).contains("within 1");
        }
    }

    /** Neither has a length: the connection's end is the response's. */
    @Test
    void aServerThatKeepsNoConnectionHasNoIdleTimeout() throws Exception {
        try (SmallServer server = SmallServer.start(socket -> {
            if (!SmallServer.head(socket).isEmpty()) {
                SmallServer.say(socket, "HTTP/1.1 200 OK\r\n\r\nok");
            }
        })) {
            Inspected inspected = Inspected.of(server.address(), Duration.ofSeconds(1), "--check", "I1,I2,I3,B5");
            assertThat(inspected.findings()).isEmpty();
            assertThat(inspected.observed("I1")).isEqualTo("connections are not kept");
            assertThat(inspected.observed("I3")).isEqualTo("one request a connection, announced");
            assertThat(inspected.check("I3").get("sentence").asString()).contains("ends with the connection");
            assertThat(inspected.observed("B5")).isEqualTo("no keepalive probes");
        }
    }

    /** An HTTP server may end silent connections early, where its first answer shows that it answers at all. */
    @Test
    void aShortTimeoutOfSilentConnectionsIsNoRefusal() throws Exception {
        try (SmallServer server = SmallServer.start(socket -> {
            socket.setSoTimeout(200);
            answer(socket, 0);
        })) {
            Inspected inspected = Inspected.of(server.address(), Duration.ofSeconds(1), "--check", "B2,B4");
            assertThat(inspected.findings()).isEmpty();
            assertThat(inspected.observed("B2")).isEqualTo("the client speaks first");
            assertThat(inspected.observed("B4")).isEqualTo("closed by FIN");
        }
    }

    @Test
    void aServerThatClosesAtOnceIsFoundWhereNothingIsAskedOfIt() throws Exception {
        try (SmallServer server = SmallServer.start(_ -> {})) {
            Inspected inspected =
                    Inspected.of(server.address(), Duration.ofSeconds(1), "--protocol", "none", "--check", "B2,B3,C2");
            assertThat(inspected.findings().keySet()).isEqualTo(Set.of("B2"));
            assertThat(inspected.observed("B3")).isEqualTo("takes several at once");
        }
    }

    /** By a script, too, a server that serves one connection after the other is found. */
    @Test
    void oneAtATimeIsFoundByAScript() throws Exception {
        SmallServer.Serving ping = socket -> {
            while (socket.getInputStream().read() >= 0) {
                if (socket.getInputStream().available() == 0) {
                    SmallServer.say(socket, "+PONG\r\n");
                }
            }
        };
        String[] script = {"--script", "../profiles/protocols/redis.yaml", "--check", "B3"};
        try (SmallServer several = SmallServer.start(ping);
                SmallServer one = SmallServer.startOneAtATime(ping)) {
            assertThat(Inspected.of(several.address(), Duration.ofSeconds(1), script)
                            .observed("B3"))
                    .isEqualTo("serves several at once");
            assertThat(Inspected.of(one.address(), Duration.ofSeconds(1), script)
                            .observed("B3"))
                    .isEqualTo("one at a time");
        }
    }

    /** It closes the second idle connection together with the first: the time is that of a clock, not of the connection. */
    @Test
    void aServerThatLooksAtIntervalsIsRecognised() throws Exception {
        Map<Socket, Long> idle = new ConcurrentHashMap<>();
        try (SmallServer server = SmallServer.start(socket -> {
            while (!SmallServer.head(socket).isEmpty()) {
                SmallServer.say(socket, KEPT);
                long now = System.nanoTime();
                boolean second = idle.values().stream().anyMatch(since -> now - since > EARLIER_NANOS);
                Long _ = idle.put(socket, now);
                if (second) {
                    Thread.sleep(TICK_MILLIS);
                    for (Socket each : idle.keySet()) {
                        each.shutdownOutput();
                    }
                    idle.clear();
                }
            }
            Long _ = idle.remove(socket);
        })) {
            Inspected inspected = Inspected.of(server.address(), Duration.ofSeconds(4), "--check", "I1");
            assertThat(inspected.observed("I1")).isEqualTo("closed by FIN");
            assertThat(inspected
                            .check("I1")
                            .at("/evidence/figures/endsTogether")
                            .asInt())
                    .isEqualTo(1);
            assertThat(inspected.check("I1").get("sentence").asString()).contains("the server looks at intervals");
        }
    }

    /** One request a connection, and no announcement: that is I3's finding, and no other check's. */
    @Test
    void aServerThatClosesUnannouncedIsOneFinding() throws Exception {
        try (SmallServer server = SmallServer.start(socket -> {
            if (!SmallServer.head(socket).isEmpty()) {
                SmallServer.say(socket, KEPT);
            }
        })) {
            Inspected inspected =
                    Inspected.of(server.address(), Duration.ofSeconds(1), "--check", "B5,C1,I1,I2,I3,S3,S7");
            assertThat(inspected.findings().keySet()).isEqualTo(Set.of("I3"));
            assertThat(inspected.observed("I1")).isEqualTo("connections are not kept");
            assertThat(inspected.observed("S3")).isEqualTo("connections are not kept");
        }
    }

    /** Nothing can follow a response that ends with its connection. */
    @Test
    void aResponseThatEndsWithItsConnectionDropsNoPipelinedRequest() throws Exception {
        try (SmallServer server = SmallServer.start(socket -> {
            if (!SmallServer.head(socket).isEmpty()) {
                SmallServer.say(socket, "HTTP/1.1 200 OK\r\n\r\nok");
                socket.shutdownOutput();
                long _ = socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            }
        })) {
            Inspected inspected = Inspected.of(server.address(), Duration.ofSeconds(1), "--check", "S3");
            assertThat(inspected.observed("S3")).isEqualTo("closes after some, announced");
        }
    }

    /** A limit of requests answers 503 in place of some: their order cannot be seen, and is not wrong. */
    @Test
    void otherAnswersToPipelinedRequestsAreNoOrder() throws Exception {
        try (SmallServer server = SmallServer.start(socket -> {
            String status = "200 OK";
            for (String head = SmallServer.head(socket); !head.isEmpty(); head = SmallServer.head(socket)) {
                boolean missing = head.contains("nothing-is-here");
                status = missing ? head.contains("close") ? "404 Not Found" : "503 Busy" : status;
                SmallServer.say(socket, "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n");
            }
        })) {
            Inspected inspected = Inspected.of(server.address(), Duration.ofSeconds(1), "--check", "S3");
            assertThat(inspected.observed("S3")).isEqualTo("other answers");
            assertThat(inspected.findings()).isEmpty();
        }
    }

    @Test
    void anEarlyAnswerWhoseBodyTakesItsTimeIsAnAnswer() throws Exception {
        try (SmallServer server = SmallServer.start(socket -> {
            for (String head = SmallServer.head(socket); !head.isEmpty(); head = SmallServer.head(socket)) {
                SmallServer.say(socket, "HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\n");
                Thread.sleep(500);
                SmallServer.say(socket, "no");
            }
        })) {
            Inspected inspected = Inspected.of(server.address(), Duration.ofSeconds(1), "--check", "S5");
            assertThat(inspected.findings()).isEmpty();
            assertThat(inspected.observed("S5")).isEqualTo("a final status before the body");
        }
    }

    /** The whole response is in the buffers, and the server closes because it is done: it has given nothing up. */
    @Test
    void aResponseThatFitsIntoTheBuffersIsNotGivenUp() throws Exception {
        String body = "x".repeat(1_200_000);
        try (SmallServer server = SmallServer.start(socket -> {
            if (!SmallServer.head(socket).isEmpty()) {
                SmallServer.say(
                        socket,
                        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            }
        })) {
            Inspected inspected = Inspected.of(server.address(), Duration.ofSeconds(1), "--check", "S2");
            assertThat(inspected.verdict("S2")).isEqualTo("notObservable");
            assertThat(inspected.check("S2").get("times")).isEmpty();
        }
    }

    /** Its 408 is what ends the wait; the FIN comes later. */
    @Test
    void aTimeoutThatIsAnsweredBeforeItsCloseIsSeenToItsEnd() throws Exception {
        try (SmallServer server = SmallServer.start(socket -> {
            socket.setSoTimeout(250);
            try {
                for (String head = SmallServer.head(socket); !head.isEmpty(); head = SmallServer.head(socket)) {
                    if (head.startsWith("POST")) {
                        long _ = socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                    }
                    SmallServer.say(socket, KEPT);
                }
            } catch (SocketTimeoutException _) {
                SmallServer.say(socket, "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
                Thread.sleep(700);
            }
        })) {
            Inspected inspected = Inspected.of(server.address(), Duration.ofSeconds(4), "--check", "S1");
            assertThat(inspected.observed("S1"))
                    .isEqualTo("slow head: 408, closed by FIN; body that stops: 408, closed by FIN;"
                            + " slow body: 408, closed by FIN");
        }
    }

    /** As nginx's return 444 does: no timeout of a slow body has been seen. */
    @Test
    void aCloseAtOnceIsNoTimeoutOfABody() throws Exception {
        try (SmallServer server = SmallServer.start(socket -> {
            for (String head = SmallServer.head(socket); head.startsWith("GET"); head = SmallServer.head(socket)) {
                SmallServer.say(socket, KEPT);
            }
        })) {
            Inspected inspected = Inspected.of(server.address(), Duration.ofSeconds(1), "--check", "S1");
            assertThat(inspected.observed("S1"))
                    .isEqualTo("slow head: stays open; body that stops: closed at once; slow body: closed at once");
            assertThat(inspected.check("S1").get("times")).isEmpty();
        }
    }

    /** As Apache does: only a client that asks for it is told. */
    @Test
    void aTimeoutThatIsAnnouncedOnlyToWhoAsksIsSeen() throws Exception {
        try (SmallServer server = SmallServer.start(socket -> {
            socket.setSoTimeout(1_000);
            for (String head = SmallServer.head(socket); !head.isEmpty(); head = SmallServer.head(socket)) {
                boolean asks = head.contains("Connection: keep-alive\r\n");
                SmallServer.say(
                        socket,
                        "HTTP/1.1 200 OK\r\n" + (asks ? "Keep-Alive: timeout=1, max=100\r\n" : "")
                                + "Content-Length: 2\r\n\r\nok");
            }
        })) {
            Inspected inspected = Inspected.of(server.address(), Duration.ofSeconds(3), "--check", "I1");
            assertThat(inspected
                            .check("I1")
                            .at("/evidence/figures/announcedSeconds")
                            .asInt())
                    .isEqualTo(1);
            assertThat(inspected.findings()).isEmpty();
        }
    }

    /** As nginx does that demands a certificate: it refuses all, announces its close, and reads on before it. */
    @Test
    void whatIsSentBehindAnAnnouncedCloseIsNoFurtherRequest() throws Exception {
        try (SmallServer server = SmallServer.start(socket -> {
            if (!SmallServer.head(socket).isEmpty()) {
                SmallServer.say(socket, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
                long _ = socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            }
        })) {
            Inspected inspected = Inspected.of(server.address(), Duration.ofSeconds(1), "--check", "S6");
            assertThat(inspected.findings()).isEmpty();
            assertThat(inspected.observed("S6")).isEqualTo("refused");
        }
    }

    @Test
    void aFewThreadsAreHeldUpByAsManyClients() throws Exception {
        try (SmallServer server = SmallServer.start(socket -> answer(socket, 0), 4)) {
            Inspected inspected = Inspected.of(server.address(), Duration.ofSeconds(1), "--check", "B3");
            assertThat(inspected.findings().keySet()).isEqualTo(Set.of("B3"));
            assertThat(inspected.observed("B3")).isEqualTo("a few at a time");
        }
    }

    /** A limit of connections holds nobody up: those beyond it are closed at once. */
    @Test
    void aLimitOfConnectionsIsNoServerThatServesAFewAtATime() throws Exception {
        Semaphore places = new Semaphore(8);
        try (SmallServer server = SmallServer.start(socket -> {
            if (places.tryAcquire()) {
                try {
                    answer(socket, 0);
                } finally {
                    places.release();
                }
            }
        })) {
            Inspected inspected = Inspected.of(server.address(), Duration.ofSeconds(1), "--check", "B3");
            assertThat(inspected.verdict("B3")).isEqualTo("unusual");
            assertThat(inspected.observed("B3")).isEqualTo("refuses further connections");
            assertThat(inspected
                            .check("B3")
                            .at("/evidence/figures/silentStayOpen")
                            .asInt())
                    .isBetween(1, 8);
        }
    }

    /** A limit of connections closes those beyond it before their opening is answered: I2 has enough of the others. */
    @Test
    void theRaceIsRunOnTheConnectionsThatTheServerTakes(@TempDir Path home) throws Exception {
        Path script = Files.writeString(home.resolve("hello.yaml"), """
                duration: 1s
                load:
                  closed: {concurrency: 1}
                mix:
                  - {name: hello}
                protocol:
                  script:
                    - send: "HELLO\\r\\n"
                    - expect: "+HELLO\\r\\n"
                    - loop:
                        - send: "PING\\r\\n"
                        - expect: "+PONG\\r\\n"
                """);
        Semaphore places = new Semaphore(16);
        try (SmallServer server = SmallServer.start(socket -> {
            if (places.tryAcquire()) {
                try {
                    socket.setSoTimeout(600);
                    pong(socket);
                } finally {
                    places.release();
                }
            }
        })) {
            Inspected inspected = Inspected.of(
                    server.address(), Duration.ofSeconds(3), "--script", script.toString(), "--check", "I1,I2");
            assertThat(inspected.observed("I2")).isEqualTo("narrow");
            assertThat(inspected.check("I2").at("/evidence/figures/sent").asInt())
                    .isGreaterThan(5);
        }
    }

    /** Answers lines by +HELLO or +PONG. */
    private static void pong(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int read = socket.getInputStream().read();
                read >= 0;
                read = socket.getInputStream().read()) {
            line.append((char) read);
            if (read == '\n') {
                SmallServer.say(socket, line.toString().startsWith("HELLO") ? "+HELLO\r\n" : "+PONG\r\n");
                line.setLength(0);
            }
        }
    }

    /** Apache ends idle connections early when all of its workers are busy: here they are, by the slow requests of S1 that run beside. */
    @Test
    void whatIsHarmfulBesideOtherChecksHasToBeSoAlone() throws Exception {
        AtomicInteger slow = new AtomicInteger();
        try (SmallServer server = SmallServer.start(socket -> {
            if (socket.getInputStream().read() < 0) {
                return;
            }
            // A whole request comes in one segment, a slow one byte by byte.
            Thread.sleep(50);
            String head = new String(
                    socket.getInputStream().readNBytes(socket.getInputStream().available()), ISO_8859_1);
            if (!head.endsWith("\r\n\r\n")) {
                int _ = slow.incrementAndGet();
                try {
                    long _ = socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                } finally {
                    int _ = slow.decrementAndGet();
                }
            } else {
                SmallServer.say(socket, "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 2\r\n\r\nok");
                long began = System.nanoTime();
                while (slow.get() == 0 && System.nanoTime() - began < ANNOUNCED_NANOS) {
                    Thread.sleep(5);
                }
            }
        })) {
            Inspected inspected = Inspected.of(server.address(), Duration.ofSeconds(2), "--check", "I1,S1");
            assertThat(inspected.findings()).isEmpty();
            assertThat(inspected.observed("I1")).isEqualTo("closed by FIN");
            assertThat(inspected.seconds("I1", "closedAfterSeconds")).isGreaterThan(0.9);
        }
    }

    /** The silent connections fill its accept queue, so that not even all of them can be opened. */
    @Test
    void oneAtATimeIsFoundBehindAShortQueue() throws Exception {
        try (SmallServer server = SmallServer.startOneAtATime(socket -> answer(socket, 0), 3)) {
            Inspected inspected = Inspected.of(server.address(), Duration.ofSeconds(1), "--check", "B3");
            assertThat(inspected.observed("B3")).isEqualTo("one at a time");
            assertThat(inspected.check("B3").get("sentence").asString()).contains("a further one could not be opened");
        }
    }

    /** It takes connections, and does not answer: by a script, too, that is seen after the check that caused it. */
    @Test
    void aServerThatNoLongerAnswersItsScriptIsFound() throws Exception {
        AtomicInteger opened = new AtomicInteger();
        try (SmallServer server = SmallServer.start(socket -> {
            // The first look is one, C2 has two, and the next one asks whether it still answers.
            boolean answers = opened.incrementAndGet() != 4;
            while (socket.getInputStream().read() >= 0) {
                if (answers && socket.getInputStream().available() == 0) {
                    SmallServer.say(socket, "+PONG\r\n");
                }
            }
        })) {
            Inspected inspected = Inspected.of(
                    server.address(),
                    Duration.ofSeconds(1),
                    "--script",
                    "../profiles/protocols/redis.yaml",
                    "--check",
                    "C2");
            assertThat(inspected.observed("C2")).isEqualTo("the server stops answering");
            assertThat(inspected.check("C2").get("sentence").asString()).contains("did again after 5");
        }
    }

    /** A check does not hold up its own next connection: who serves one at a time is found by B3 alone. */
    @Test
    void noCheckIsHeldUpByAConnectionOfItsOwn() throws Exception {
        try (SmallServer server = SmallServer.startOneAtATime(socket -> {
            for (String head = SmallServer.head(socket); !head.isEmpty(); head = SmallServer.head(socket)) {
                SmallServer.say(socket, head.contains("100-continue") ? "HTTP/1.1 100 Continue\r\n\r\n" : "");
                int at = head.indexOf("Content-Length: ");
                if (at > 0) {
                    socket.getInputStream().skipNBytes(Long.parseLong(head.substring(at + 16, head.indexOf('\r', at))));
                }
                boolean closes = head.contains("Connection: close");
                SmallServer.say(socket, closes ? CLOSED : KEPT);
                if (closes) {
                    return;
                }
            }
        })) {
            Inspected inspected = Inspected.of(server.address(), Duration.ofSeconds(1), "--check", "B1,C5,I3,S3,S5,S7");
            assertThat(inspected.findings()).isEmpty();
            // Two requests of its own would each wait for their deadline of five seconds.
            assertThat(inspected.check("B1").get("seconds").asDouble()).isLessThan(10);
        }
    }
}
