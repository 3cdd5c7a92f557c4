package io.tcplab.loadgen.fleet;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Messages over one connection: each is its length, four bytes big-endian, and so many bytes of JSON. What is longer than is agreed,
 * late or not such a message ends the connection. One thread reads; any may write.
 */
final class MessageStream implements AutoCloseable {

    /** The longest message. */
    static final int MOST_BYTES = 1 << 20;

    /** The longest before both sides know each other. */
    static final int MOST_BYTES_OF_STRANGERS = 4 << 10;

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int LENGTH_BYTES = 4;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    MessageStream(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    /**
     * The next message, complete by {@code byNanos}, however slowly it comes.
     *
     * @throws EOFException when the peer has closed
     * @throws SocketTimeoutException when it is late
     * @throws IOException when it is no message, or the connection broke
     */
    Message read(int mostBytes, long byNanos) throws IOException {
        int length = ByteBuffer.wrap(bytes(LENGTH_BYTES, byNanos)).getInt();
        if (length < 2 || length > mostBytes) {
            throw new IOException("what it sends is not a message of tcplab");
        }
        try {
            Message message = MAPPER.readValue(bytes(length, byNanos), Message.class);
            if (message == null) {
                throw new IOException("it sends an empty message");
            }
            return message;
        } catch (JacksonException e) {
            throw new IOException("what it sends is not a message of tcplab", e);
        }
    }

    private byte[] bytes(int count, long byNanos) throws IOException {
        byte[] bytes = new byte[count];
        for (int have = 0; have < count; ) {
            long leftMillis = TimeUnit.NANOSECONDS.toMillis(byNanos - System.nanoTime());
            if (leftMillis <= 0 && in.available() == 0) {
                throw new SocketTimeoutException("nothing came in time");
            }
            socket.setSoTimeout(Math.clamp(leftMillis, 1, Integer.MAX_VALUE));
            int read = in.read(bytes, have, count - have);
            if (read < 0) {
                throw new EOFException("the peer closed the connection");
            }
            have += read;
        }
        return bytes;
    }

    /** Writes a message; blocks while the peer takes nothing, until {@link #close}. */
    void write(Message message) throws IOException {
        byte[] json = MAPPER.writeValueAsString(message).getBytes(StandardCharsets.UTF_8);
        if (json.length > MOST_BYTES) {
            throw new IOException("a message of " + json.length + " bytes is too long");
        }
        byte[] frame = ByteBuffer.allocate(LENGTH_BYTES + json.length)
                .putInt(json.length)
                .put(json)
                .array();
        synchronized (out) {
            out.write(frame);
        }
    }

    /** Whether the message can be sent. */
    static boolean fits(Message message) {
        return MAPPER.writeValueAsString(message).length() <= MOST_BYTES / 2;
    }

    /** Closes the connection: whoever reads or writes fails at once. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException _) {
            // It is gone either way.
        }
    }
}
