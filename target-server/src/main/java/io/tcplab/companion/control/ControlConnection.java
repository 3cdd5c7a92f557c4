package io.tcplab.companion.control;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a control endpoint: HTTP/1.1 requests without a body, one after the other (RFC 9112). Whatever the peer sends is
 * bounded: the head of an answer by {@link #MOST_HEAD}, its body by {@link #MOST_BODY}, all of it by a moment. Redirects are not
 * followed and nothing is sent twice, so that the number of connections is known. After an error the connection is closed.
 *
 * <p>For one thread at a time, but {@link #close} is for any.
 */
final class ControlConnection implements Closeable {

    static final int MOST_BODY = 8 << 20;
    static final int MOST_HEAD = 16 << 10;

    private final Socket socket;
    private final String host;
    private final InputStream in;
    private final byte[] buffer = new byte[16 << 10];
    private int from;
    private int to;
    private long deadlineNanos;

    private ControlConnection(Socket socket, String host) throws IOException {
        this.socket = socket;
        this.host = host;
        this.in = socket.getInputStream();
    }

    /** Connects by {@code deadlineNanos}, a {@link System#nanoTime} value. */
    static ControlConnection open(String host, int port, long deadlineNanos) throws IOException {
        Socket socket = new Socket(Proxy.NO_PROXY);
        try {
            socket.setTcpNoDelay(true);
            InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(host), port);
            socket.connect(address, millisUntil(deadlineNanos));
            return new ControlConnection(socket, (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port);
        } catch (IOException | IllegalArgumentException e) {
            socket.close();
            throw e;
        }
    }

    /** What came back. */
    record Answer(int status, String body) {}

    /** Sends one request and reads its answer whole. */
    Answer ask(String method, String path, @Nullable String token, long byNanos) throws IOException {
        try {
            deadlineNanos = byNanos;
            String request = method + " /" + path + " HTTP/1.1\r\nHost: " + host + "\r\n"
                    + (token == null ? "" : "Authorization: Bearer " + token + "\r\n")
                    + (method.equals("GET") ? "" : "Content-Length: 0\r\n") + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return answer();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private Answer answer() throws IOException {
        int[] room = {MOST_HEAD};
        String first = line(room);
        if (!first.matches("HTTP/1\\.[01] [1-5]\\d\\d( .*)?")) {
            throw new IOException("what answers does not speak HTTP/1.1");
        }
        int status = Integer.parseInt(first.substring(9, 12));
        long length = -1;
        boolean last = first.startsWith("HTTP/1.0");
        for (String line = line(room); !line.isEmpty(); line = line(room)) {
            int colon = line.indexOf(':');
            String name = line.substring(0, Math.max(0, colon)).toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip().toLowerCase(Locale.ROOT);
            switch (name) {
                case "content-length" -> length = length(length, value);
                case "transfer-encoding", "content-encoding" ->
                    throw new IOException("its answer has a " + name + ", which no control endpoint of tcplab sends");
                case "content-type" -> {
                    if (!value.startsWith("application/json")) {
                        throw new IOException("its answer is not JSON by its content type");
                    }
                }
                case "connection" -> last = value.equals("close");
                default -> {}
            }
        }
        if (status < 200 || (status >= 300 && status < 400)) {
            throw new IOException("it answers with status " + status + "; redirects are not followed");
        }
        if (length < 0) {
            throw new IOException("its answer has no length");
        }
        byte[] body = new byte[(int) length];
        for (int i = 0; i < body.length; ) {
            fill();
            int part = Math.min(to - from, body.length - i);
            System.arraycopy(buffer, from, body, i, part);
            from += part;
            i += part;
        }
        if (last || from < to) {
            close();
        }
        return new Answer(status, new String(body, StandardCharsets.UTF_8));
    }

    private static long length(long before, String value) throws IOException {
        if (before >= 0 || !value.matches("\\d{1,18}")) {
            throw new IOException("the length of its answer is malformed");
        }
        long length = Long.parseLong(value);
        if (length > MOST_BODY) {
            throw new IOException("its answer is longer than " + MOST_BODY + " bytes");
        }
        return length;
    }

    private String line(int[] room) throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            fill();
            char next = (char) (buffer[from++] & 0xff);
            if (--room[0] < 0) {
                throw new IOException("the head of its answer is longer than " + MOST_HEAD + " bytes");
            }
            if (next == '\n') {
                int end = line.length() - 1;
                return end >= 0 && line.charAt(end) == '\r' ? line.substring(0, end) : line.toString();
            }
            line.append(next);
        }
    }

    /** Makes sure that there is a byte to take. */
    private void fill() throws IOException {
        if (from < to) {
            return;
        }
        socket.setSoTimeout(millisUntil(deadlineNanos));
        from = 0;
        to = Math.max(0, in.read(buffer));
        if (to == 0) {
            throw new EOFException("it closed the connection before its answer was whole");
        }
    }

    private static int millisUntil(long nanos) throws IOException {
        long millis = TimeUnit.NANOSECONDS.toMillis(nanos - System.nanoTime());
        if (millis <= 0) {
            throw new SocketTimeoutException("it took too long to answer");
        }
        return (int) Math.min(millis, Integer.MAX_VALUE);
    }

    boolean isOpen() {
        return !socket.isClosed();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException _) {
            // The descriptor is gone all the same (close(2)).
        }
    }
}
