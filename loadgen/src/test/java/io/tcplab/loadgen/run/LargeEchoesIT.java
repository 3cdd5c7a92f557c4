package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.result.Summary;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that answers while it is being asked, and stops reading where its answers are not taken. */
@OverEachTransport
@Timeout(120)
class LargeEchoesIT {

    private static final int CONNECTIONS = 6;
    private static final int SMALL = 1 << 16;

    @TempDir
    private Path home;

    private ServerSocket listener;

    @BeforeEach
    void serve() throws IOException {
        listener = new ServerSocket();
        listener.setReceiveBufferSize(SMALL);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofPlatform().daemon(true).start(() -> {
            while (!listener.isClosed()) {
                try {
                    Socket socket = listener.accept();
                    socket.setSendBufferSize(SMALL);
                    Thread.ofVirtual().start(() -> echo(socket));
                } catch (IOException _) {
                    // closed
                }
            }
        });
    }

    private static void echo(Socket socket) {
        byte[] bytes = new byte[SMALL];
        try (socket) {
            InputStream in = socket.getInputStream();
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                socket.getOutputStream().write(bytes, 0, read);
            }
        } catch (IOException _) {
            // the test sees that its connection failed
        }
    }

    @AfterEach
    void stop() throws IOException {
        listener.close();
    }

    private Summary run(String protocol, String member) throws Exception {
        Summary summary =
                IsolatedRun.onHost(Profiles.of("""
                name: large
                target: 127.0.0.1:%d
                connections: %d
                load: {closed: {concurrency: 2}}
                protocol: %s
                mix: [{name: only, exchanges: 2%s}]
                client: {sendBuffer: 64KiB, receiveBuffer: 64KiB, exchangeTimeout: 30s}
                """.formatted(listener.getLocalPort(), CONNECTIONS, protocol, member)));
        assertThat(summary.outcomes().count(ConnectionOutcome.COMPLETED))
                .as("%s", summary.causes())
                .isEqualTo(CONNECTIONS);
        assertThat(summary.exchanges().answered()).isEqualTo(2 * CONNECTIONS);
        return summary;
    }

    @Test
    void anEchoOfMegabytesIsTakenWhileItIsSent() throws Exception {
        run("echo", ", request: 3MB");
    }

    @Test
    void aScriptTakesAnswersWhileItSends() throws Exception {
        byte[] bytes = new byte[200_000];
        new Random(7).nextBytes(bytes);
        Path file = Files.write(home.resolve("bytes"), bytes);
        String all = "{send: {file: %1$s}}, ".repeat(6);
        run(
                ("{script: [" + all
                                + "{send: x}, {name: half, expect: {bytes: 600000}}, {expect: {bytes: 600001, match: x$}},"
                                + " {send: {file: %1$s}}, {expect: {file: %1$s}}]}")
                        .formatted(file),
                "");
    }
}
