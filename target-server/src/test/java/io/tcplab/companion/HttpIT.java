package io.tcplab.companion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.companion.protocol.Pattern;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
@OverEachTransport
class HttpIT {

    private Companion companion;

    @BeforeEach
    void start() throws Exception {
        companion = Companion.start(SettingsWith.of("protocol", ServedProtocol.HTTP));
    }

    @AfterEach
    void stop() {
        companion.close();
    }

    private static byte[] body(int size) {
        byte[] body = new byte[size];
        Pattern.copy(0, 0, body, 0, size);
        return body;
    }

    private static String ask(Peer peer, String request) throws Exception {
        peer.send(request.getBytes(StandardCharsets.US_ASCII));
        return head(peer.socket.getInputStream());
    }

    private static String head(InputStream in) throws Exception {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.read());
        }
        return head.toString();
    }

    @Test
    void anOrdinaryClientKeepsItsConnection() throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (int size : new int[] {64, 0, 1, 65_536, 65_537, 10_000_000}) {
                String query = size == 64 ? "" : "?a=1&size=" + size;
                URI uri = URI.create("http://" + companion.addressText() + "/any/path" + query);
                HttpResponse<byte[]> response =
                        client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(Arrays.equals(response.body(), body(size))).isTrue();
            }
        }
        assertThat(companion.counts().accepted()).isEqualTo(1);
        Eventually.until(() -> companion.counts().exchanges() == 6);
    }

    @Test
    void connectionCloseEndsItWithAFinFromTheServer() throws Exception {
        try (Peer peer = new Peer(companion)) {
            String head = ask(peer, "GET /?size=5 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertThat(head).startsWith("HTTP/1.1 200").containsIgnoringCase("connection: close");
            assertThat(peer.socket.getInputStream().readAllBytes()).isEqualTo(body(5));
        }
        Eventually.until(() -> companion.counts().active() == 0);
        assertThat(companion.counts().closedFin()).isEqualTo(1);
        assertThat(companion.counts().peerClosedFirst()).isZero();
    }

    @Test
    void headHasNoBodyAndPostIsRead() throws Exception {
        try (Peer peer = new Peer(companion)) {
            String head = ask(peer, "HEAD /?size=1000 HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(head).containsIgnoringCase("content-length: 1000");
            String post = ask(peer, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
            assertThat(post).startsWith("HTTP/1.1 200");
            assertThat(peer.socket.getInputStream().readNBytes(64)).isEqualTo(body(64));
        }
        Eventually.until(() -> companion.counts().peerClosedFirst() == 1);
    }

    @ParameterizedTest
    @CsvSource({"PUT, 5000000", "DELETE, 5", "PROPFIND, 0", "GET, 5000000"})
    void anyMethodMayHaveABodyWithALengthOrInChunks(String method, int size) throws Exception {
        String line = method + " /?size=3 HTTP/1.1\r\nHost: a\r\n";
        try (Peer peer = new Peer(companion)) {
            peer.send((line + "Content-Length: " + size + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            peer.send(body(size));
            InputStream in = peer.socket.getInputStream();
            assertThat(head(in)).startsWith("HTTP/1.1 200");
            assertThat(in.readNBytes(3)).isEqualTo(body(3));

            peer.send((line + "Transfer-Encoding: chunked\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            if (size > 0) {
                peer.send((Integer.toHexString(size) + ";a=b\r\n").getBytes(StandardCharsets.US_ASCII));
                peer.send(body(size));
                peer.send("\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            peer.send("0\r\nETag: 1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(head(in)).startsWith("HTTP/1.1 200");
            assertThat(in.readNBytes(3)).isEqualTo(body(3));
        }
        assertThat(companion.counts().badFrames()).isZero();
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        try (Peer peer = new Peer(companion)) {
            peer.send(("GET /?size=3000000 HTTP/1.1\r\nHost: a\r\n\r\n".repeat(3)
                            + "GET /?size=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            InputStream in = peer.socket.getInputStream();
            for (int i = 0; i < 3; i++) {
                assertThat(head(in)).contains("3000000");
                assertThat(Arrays.equals(in.readNBytes(3_000_000), body(3_000_000)))
                        .isTrue();
            }
            assertThat(head(in)).startsWith("HTTP/1.1 200");
            assertThat(in.readAllBytes()).hasSize(1);
        }
        assertThat(companion.counts().exchanges()).isEqualTo(4);
    }

    @Test
    void whatIsNoHttpIsRefusedAndClosed() throws Exception {
        try (Peer peer = new Peer(companion)) {
            assertThat(ask(peer, "GET /?size=x HTTP/1.1\r\nHost: a\r\n\r\n")).startsWith("HTTP/1.1 400");
            assertThat(peer.end()).isEqualTo(Peer.End.EOF);
        }
        try (Peer peer = new Peer(companion)) {
            assertThat(ask(peer, "\u0001\u0002 rubbish\r\n\r\n")).startsWith("HTTP/1.1 400");
        }
        assertThat(companion.counts().badFrames()).isEqualTo(2);
    }

    @Test
    void aPeerThatResetsIsCounted() throws Exception {
        Peer peer = new Peer(companion);
        assertThat(ask(peer, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")).startsWith("HTTP/1.1 200");
        peer.reset();
        Eventually.until(() -> companion.counts().active() == 0);
        assertThat(companion.counts().resetsSeen()).isEqualTo(1);
        assertThat(companion.counts().peerClosedFirst()).isZero();
    }

    @Test
    void aResponseIsCompleteAlsoAfterThePeersFin() throws Exception {
        try (Peer peer = new Peer(companion)) {
            peer.send(
                    "GET /?size=20000000 HTTP/1.1\r\nHost: a\r\n\r\n".repeat(2).getBytes(StandardCharsets.US_ASCII));
            peer.socket.shutdownOutput();
            InputStream in = peer.socket.getInputStream();
            for (int i = 0; i < 2; i++) {
                assertThat(head(in)).startsWith("HTTP/1.1 200");
                assertThat(Arrays.equals(in.readNBytes(20_000_000), body(20_000_000)))
                        .isTrue();
            }
            assertThat(peer.end()).isEqualTo(Peer.End.EOF);
        }
        assertThat(companion.counts().peerClosedFirst()).isEqualTo(1);
        assertThat(companion.counts().resetsSeen()).isZero();
    }

    @Test
    void theInvitationOfABodyWaitsForEarlierResponses() throws Exception {
        try (Peer peer = new Peer(companion)) {
            peer.send(("GET /?size=20000000 HTTP/1.1\r\nHost: a\r\n\r\n"
                            + "POST /?size=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            InputStream in = peer.socket.getInputStream();
            assertThat(head(in)).startsWith("HTTP/1.1 200");
            assertThat(Arrays.equals(in.readNBytes(20_000_000), body(20_000_000)))
                    .isTrue();
            assertThat(head(in)).startsWith("HTTP/1.1 100");
            assertThat(ask(peer, "hello")).startsWith("HTTP/1.1 200");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, Content-Length: x",
        "400, 'Content-Length: 5\r\nContent-Length: 6'",
        "400, 'Content-Length: 5\r\nTransfer-Encoding: chunked'",
        "400, 'Host: b'",
        "400, 'Transfer-Encoding: chunked\r\n\r\nzz'"
    })
    void aBodyOfUnknownLengthAndASecondHostAreRefusedAndClosed(int status, String headers) throws Exception {
        try (Peer peer = new Peer(companion)) {
            String request = "POST / HTTP/1.1\r\nHost: a\r\n" + headers.replace("\\r\\n", "\r\n") + "\r\n\r\n";
            assertThat(ask(peer, request)).startsWith("HTTP/1.1 " + status).containsIgnoringCase("connection: close");
            assertThat(peer.end()).isEqualTo(Peer.End.EOF);
        }
        assertThat(companion.counts().badFrames()).isEqualTo(1);
    }

    /** The time in which what is left of a refused request may arrive goes on when its peer has gone. */
    @Test
    void theEndOfARefusedConnectionIsNotAnothersWhoComesBehindIt() throws Exception {
        try (Peer refused = new Peer(companion)) {
            assertThat(ask(refused, "GET /?size=x HTTP/1.1\r\nHost: a\r\n\r\n")).startsWith("HTTP/1.1 400");
        }
        Eventually.until(() -> companion.counts().active() == 0);
        try (Peer next = new Peer(companion)) {
            String request = "GET /?size=0 HTTP/1.1\r\nHost: a\r\n\r\n";
            assertThat(ask(next, request)).startsWith("HTTP/1.1 200");
            next.socket.setSoTimeout(3_000);
            assertThatThrownBy(next.socket.getInputStream()::read).isInstanceOf(SocketTimeoutException.class);
            next.socket.setSoTimeout(20_000);
            assertThat(ask(next, request)).startsWith("HTTP/1.1 200");
        }
    }

    /** A close right behind the response would make the kernel send RST, since most of the head is still to be read. */
    @Test
    void aHeadOfAMegabyteIsRefusedAndTheRefusalArrives() throws Exception {
        try (Peer peer = new Peer(companion)) {
            String request = "GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(1 << 20) + "\r\n\r\n";
            assertThat(ask(peer, request)).startsWith("HTTP/1.1 431");
            assertThat(peer.end()).isEqualTo(Peer.End.EOF);
        }
        Eventually.until(() -> companion.counts().active() == 0);
    }

    @Test
    void http10IsKeptOnlyWhereItAsks() throws Exception {
        try (Peer peer = new Peer(companion)) {
            String kept = ask(peer, "GET /?size=0 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            assertThat(kept).containsIgnoringCase("connection: keep-alive");
            assertThat(ask(peer, "GET /?size=0 HTTP/1.0\r\n\r\n")).containsIgnoringCase("connection: close");
            assertThat(peer.end()).isEqualTo(Peer.End.EOF);
        }
    }
}
