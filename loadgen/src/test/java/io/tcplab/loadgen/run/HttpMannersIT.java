package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.LedgerReading;
import io.tcplab.loadgen.record.Measurement;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What HTTP allows a server and few servers do: small ones of our own that do it. */
@OverEachTransport
@Timeout(60)
class HttpMannersIT {

    private static final int BODY = 5_000_000;

    private static Measurement run(MisbehavingServer.Behaviour behaviour, String yaml) throws IOException {
        try (MisbehavingServer server = new MisbehavingServer(behaviour)) {
            return new LoadRun(Profiles.of(yaml), server.address(), 1, LoopCpus.ANY).execute(_ -> {});
        }
    }

    /** Reads a head byte by byte, so that nothing behind it is taken; false = the end. */
    private static boolean readHead(InputStream in) throws IOException {
        int matched = 0;
        while (matched < 4) {
            int there = in.read();
            if (there < 0) {
                return false;
            }
            matched = there == "\r\n\r\n".charAt(matched) ? matched + 1 : there == '\r' ? 1 : 0;
        }
        return true;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void hintsChunksExtensionsAndTrailersAreRead() throws Exception {
        Measurement measured = run(
                (socket, _) -> {
                    try (socket) {
                        while (readHead(socket.getInputStream())) {
                            write(socket, "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
                            write(
                                    socket,
                                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: ETag\r\n\r\n5;a=b\r\nhello");
                            write(socket, "\r\n0\r\nETag: 1\r\n\r\n");
                        }
                    }
                },
                """
                connections: 20
                load: {closed: {concurrency: 4}}
                protocol: {http: {expect: {status: 200, body: "^hello$"}}}
                mix: [{name: only, exchanges: 5}]
                """);
        assertThat(measured.total().outcome(ConnectionOutcome.COMPLETED))
                .as("%s", measured.causes())
                .isEqualTo(20);
        assertThat(measured.causes()).isEmpty();
        assertThat(measured.statuses()).isEqualTo(Map.of(200, 100L));
    }

    @Test
    void anAnswerBeforeTheWholeRequestIsCountedAndTheConnectionGoesOn() throws Exception {
        Measurement measured = run(
                (socket, _) -> {
                    try (socket) {
                        InputStream in = socket.getInputStream();
                        while (readHead(in)) {
                            in.skipNBytes(1000);
                            write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                            in.skipNBytes(BODY - 1000);
                        }
                    }
                },
                """
                connections: 8
                load: {closed: {concurrency: 2}}
                protocol: {http: {method: PUT, body: {bytes: 5MB}}}
                mix: [{name: only, exchanges: 3}]
                """);
        assertThat(measured.total().outcome(ConnectionOutcome.COMPLETED))
                .as("%s", measured.causes())
                .isEqualTo(8);
        assertThat(measured.statuses()).isEqualTo(Map.of(200, 24L));
    }

    @Test
    void aRefusalThatIsFollowedByAResetIsCountedOrSaidToBeLost() throws Exception {
        Measurement measured = run(
                (socket, number) -> {
                    try (socket) {
                        readHead(socket.getInputStream());
                        write(
                                socket,
                                "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n"
                                        + (number % 2 == 0 ? "Connection: close\r\n\r\n" : "\r\n"));
                        socket.setSoLinger(true, 0);
                    }
                },
                """
                connections: 40
                load: {closed: {concurrency: 4}}
                protocol: {http: {method: PUT, body: {bytes: 5MB}}}
                mix: [{name: only, exchanges: 1}]
                """);
        LedgerReading total = measured.total();
        long completed = total.outcome(ConnectionOutcome.COMPLETED);
        assertThat(completed + total.outcome(ConnectionOutcome.RESET))
                .as("%s", measured.causes())
                .isEqualTo(40);
        long answered = measured.statuses().getOrDefault(413, 0L);
        assertThat(answered).isEqualTo(total.exchanges()).isEqualTo(total.unexpected());
        assertThat(answered + total.lost()).isEqualTo(40);
        assertThat(measured.causes())
                .extracting(each -> each.cause().text())
                .isSubsetOf("status 413", "resetWhileSending", "resetBeforeResponse", "resetAfterResponse")
                .contains("resetAfterResponse");
        assertThat(completed).as("where the close was announced").isBetween(10L, 20L);
    }

    /** It does not read all of a request, or none, so that its close is an RST, which may be there before the request is sent. */
    @Test
    void aServerThatTurnsConnectionsAwayByStatusIsCountedByStatusWhateverItsCloseIs() throws Exception {
        Measurement measured = run(
                (socket, number) -> {
                    try (socket) {
                        write(
                                socket,
                                "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                        switch (number % 3) {
                            case 0 -> socket.setSoLinger(true, 0);
                            case 1 ->
                                assertThat(socket.getInputStream().read()).isEqualTo('G'); // the rest stays unread
                            default -> readHead(socket.getInputStream());
                        }
                    }
                },
                """
                connections: 60
                load: {closed: {concurrency: 4}}
                protocol: http
                mix: [{name: only, exchanges: 1}]
                """);
        LedgerReading total = measured.total();
        assertThat(total.outcome(ConnectionOutcome.COMPLETED))
                .as("%s", measured.causes())
                .isEqualTo(60);
        assertThat(measured.statuses()).isEqualTo(Map.of(503, 60L));
        assertThat(total.lost()).isZero();
    }

    @Test
    void aBodyWaitsForTheWordOfAServerThatGivesIt() throws Exception {
        Measurement measured = run(
                (socket, number) -> {
                    try (socket) {
                        InputStream in = socket.getInputStream();
                        while (readHead(in)) {
                            if (number % 2 == 0) {
                                boolean silent = in.available() == 0;
                                write(socket, silent ? "HTTP/1.1 100 Continue\r\n\r\n" : "nonsense");
                            }
                            in.skipNBytes(10);
                            write(socket, "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
                        }
                    }
                },
                """
                connections: 4
                load: {closed: {concurrency: 4}}
                protocol: {http: {method: POST, body: {bytes: 10}, headers: {expect: 100-Continue}}}
                mix: [{name: only, exchanges: 2}]
                """);
        assertThat(measured.total().outcome(ConnectionOutcome.COMPLETED))
                .as("%s", measured.causes())
                .isEqualTo(4);
        assertThat(measured.statuses()).isEqualTo(Map.of(201, 8L));
    }

    @Test
    void anIdleTimeThatTheServerHasNamedEndsAConnectionAsAnnounced() throws Exception {
        Measurement measured = run(
                (socket, _) -> {
                    try (socket) {
                        readHead(socket.getInputStream());
                        write(socket, "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 0\r\n\r\n");
                        Thread.sleep(1000);
                    }
                },
                """
                connections: 3
                load: {closed: {concurrency: 3}}
                protocol: http
                mix: [{name: only, exchanges: 2, think: 1500ms, reconnect: true, close: {by: server}}]
                """);
        LedgerReading total = measured.total();
        assertThat(total.started()).isEqualTo(6);
        assertThat(total.exchanges()).isEqualTo(6);
        assertThat(total.outcome(ConnectionOutcome.COMPLETED))
                .as("%s", measured.causes())
                .isEqualTo(6);
        assertThat(measured.causes()).extracting(each -> each.cause().text()).containsExactly("announced");
    }

    @Test
    void anEndlessAnswerEndsAtItsTimeAndIsNotKept() throws Exception {
        Measurement measured = run(
                (socket, _) -> {
                    try (socket) {
                        readHead(socket.getInputStream());
                        write(socket, "HTTP/1.1 200 OK\r\n\r\n");
                        byte[] piece = new byte[1 << 16];
                        while (!Thread.interrupted()) {
                            socket.getOutputStream().write(piece);
                        }
                    }
                },
                """
                connections: 4
                load: {closed: {concurrency: 4}}
                protocol: {http: {expect: {body: x}}}
                mix: [{name: only, exchanges: 2}]
                client: {exchangeTimeout: 300ms}
                """);
        assertThat(measured.total().outcome(ConnectionOutcome.EXCHANGE_TIMED_OUT))
                .isEqualTo(4);
        assertThat(measured.total().lost()).isEqualTo(4);
        assertThat(measured.causes()).extracting(each -> each.cause().text()).containsExactly("answeredInPart");
    }
}
