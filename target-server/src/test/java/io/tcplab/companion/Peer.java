package io.tcplab.companion;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.companion.protocol.CloseStyle;
import io.tcplab.companion.protocol.Frames;
import io.tcplab.companion.protocol.Pattern;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A plain blocking client, which sees what any peer of the companion sees. */
final class Peer implements AutoCloseable {

    /** What a read showed instead of bytes. */
    enum End {
        EOF,
        RESET
    }

    /** A request that does not ask for a close. */
    static final @Nullable CloseStyle KEEP_OPEN = null;

    final Socket socket = new Socket();

    Peer(Companion companion) throws IOException {
        this(companion.address());
    }

    Peer(InetSocketAddress address) throws IOException {
        socket.connect(address, 10_000);
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    void exchange(@Nullable CloseStyle style, int lingerSeconds, int requestBytes, int responseBytes, int seed)
            throws IOException {
        send(Frames.request(style, lingerSeconds, requestBytes, responseBytes, seed));
        expect(responseBytes, seed);
    }

    void expect(int length, int seed) throws IOException {
        byte[] expected = new byte[length];
        Pattern.copy(seed, 0, expected, 0, length);
        byte[] received = socket.getInputStream().readNBytes(length);
        assertThat(received.length).isEqualTo(length);
        assertThat(Arrays.mismatch(received, expected)).isEqualTo(-1);
    }

    End end() throws IOException {
        try {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            return End.EOF;
        } catch (IOException reset) {
            assertThat(reset).hasMessageContaining("reset");
            return End.RESET;
        }
    }

    void reset() throws IOException {
        socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
