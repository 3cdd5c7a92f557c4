package io.tcplab.loadgen.inspect;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.NativeSocket;
import io.tcplab.kernel.syscall.NativeSocket.Half;
import io.tcplab.kernel.syscall.NativeSocket.Result;
import io.tcplab.kernel.syscall.SocketOptions;
import io.tcplab.kernel.syscall.TcpInfo;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntConsumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the server. What happens on it is seen when it happens, with its time and its errno; every wait has a deadline by
 * System.nanoTime. One thread uses it.
 */
public final class Contact implements AutoCloseable {

    /** How long a handshake, a send or a response may take. */
    public static final long PATIENCE_NANOS = 5_000_000_000L;

    private static final int BUFFER = 64 * 1024;
    private static final int RECORD = 16 * 1024;

    private final NativeSocket socket;
    private final InetSocketAddress local;
    private final long connectNanos;
    private final AnswerReader reader = new AnswerReader(this);
    private final byte[] buffer = new byte[BUFFER];
    private @Nullable Errno broken;
    private @Nullable SecureStream tls;
    private byte[] decrypted = new byte[0];
    private long decryptedNanos;
    private long handshakeNanos;

    private Contact(NativeSocket socket, InetSocketAddress local, long connectNanos) {
        this.socket = socket;
        this.local = local;
        this.connectNanos = connectNanos;
    }

    /** How a socket is prepared before it connects. */
    public interface Preparation {
        void prepare(NativeSocket socket);
    }

    /** Connects; throws Unreachable with the errno where that fails or takes longer than five seconds. */
    static Contact open(InetSocketAddress to, Preparation preparation) throws Unreachable {
        return open(to, preparation, (int) (PATIENCE_NANOS / 1_000_000));
    }

    /** As the other, with a time of its own. */
    static Contact open(InetSocketAddress to, Preparation preparation, int withinMillis) throws Unreachable {
        NativeSocket socket;
        try {
            socket = NativeSocket.open(family(to));
        } catch (IOException e) {
            throw new Unreachable(String.valueOf(e.getMessage()));
        }
        Errno _ = socket.nonBlocking(true);
        preparation.prepare(socket);
        long began = System.nanoTime();
        Errno errno = socket.connect(to, withinMillis);
        long took = System.nanoTime() - began;
        Optional<InetSocketAddress> local = socket.localAddress();
        if (!errno.ok() || local.isEmpty() || local.get().equals(to)) {
            socket.close();
            throw new Unreachable(
                    errno == Errno.EINPROGRESS
                            ? "no answer to the SYN within " + withinMillis + " ms"
                            : errno.ok() ? "nothing listens; the socket connected to itself" : "connect: " + errno);
        }
        return new Contact(socket, local.get(), took);
    }

    /**
     * Whether the peer speaks MPTCP; empty where the socket is refused here, or no connection is taken. {@code opened} is given the port
     * that it connected from.
     */
    static Optional<Boolean> speaksMultipath(InetSocketAddress to, IntConsumer opened) {
        try (NativeSocket socket = NativeSocket.openMultipath(family(to))) {
            Errno _ = socket.nonBlocking(true);
            if (!socket.connect(to, (int) (PATIENCE_NANOS / 1_000_000)).ok()) {
                return Optional.empty();
            }
            socket.localAddress().ifPresent(local -> opened.accept(local.getPort()));
            return Optional.of(socket.multipath());
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static StandardProtocolFamily family(InetSocketAddress to) {
        return to.getAddress() instanceof Inet6Address ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
    }

    /** Performs a TLS handshake on it; throws Unreachable with its reason. */
    void secure(SSLEngine engine) throws Unreachable {
        long began = System.nanoTime();
        long deadline = began + PATIENCE_NANOS;
        // The handshake's last records are small and not acknowledged at once: Nagle would hold back what follows, and
        // an abort lose it.
        Errno _ = socket.setOption(SocketOptions.IPPROTO_TCP, SocketOptions.TCP_NODELAY, 1);
        SecureStream stream = new SecureStream(engine);
        stream.handshake(new SecureStream.Raw() {
            @Override
            public boolean send(byte[] bytes) {
                return sendRaw(bytes, deadline).ok();
            }

            @Override
            public Heard hear() {
                return hearRaw(deadline);
            }
        });
        tls = stream;
        handshakeNanos = System.nanoTime() - began;
    }

    /** How long the TLS handshake took; 0 where there was none. */
    public long handshakeNanos() {
        return handshakeNanos;
    }

    /** The version of TLS; empty without TLS. */
    public String tlsVersion() {
        return tls == null ? "" : tls.version();
    }

    /** How many tickets have come (TLS 1.3). */
    public int tickets() {
        return tls == null ? 0 : tls.tickets();
    }

    /** Whether the server's close_notify has come. */
    public boolean closeNotified() {
        return tls != null && tls.closeNotified();
    }

    /** How long the handshake took, as connect(2) and poll(2) show it. */
    public long connectNanos() {
        return connectNanos;
    }

    /** Its own end. */
    public InetSocketAddress local() {
        return local;
    }

    /** What the kernel knows of it. */
    public Optional<TcpInfo> tcpInfo() {
        return socket.tcpInfo();
    }

    /** What a send did: the bytes that the kernel took, and why it ended. */
    public record Sent(long bytes, Errno errno) {
        /** Whether all went. */
        public boolean ok() {
            return errno.ok();
        }
    }

    /** Sends text as ISO 8859-1. */
    public Sent send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends all, waiting for room at most five seconds: then the errno is EAGAIN. */
    public Sent send(byte[] bytes) {
        return send(bytes, System.nanoTime() + PATIENCE_NANOS);
    }

    /** Sends all, waiting for room until the deadline: then the errno is EAGAIN. */
    public Sent send(byte[] bytes, long deadlineNanos) {
        SecureStream stream = tls;
        if (stream == null) {
            return sendRaw(bytes, deadlineNanos);
        }
        for (int sent = 0; sent < bytes.length; sent += RECORD) {
            int length = Math.min(RECORD, bytes.length - sent);
            try {
                Sent record = sendRaw(stream.wrap(Arrays.copyOfRange(bytes, sent, sent + length)), deadlineNanos);
                if (!record.ok()) {
                    return new Sent(sent, record.errno());
                }
            } catch (SSLException _) {
                return new Sent(sent, Errno.EPROTO);
            }
        }
        return new Sent(bytes.length, Errno.OK);
    }

    private Sent sendRaw(byte[] bytes, long deadlineNanos) {
        int sent = 0;
        while (sent < bytes.length) {
            byte[] part = Arrays.copyOfRange(bytes, sent, Math.min(bytes.length, sent + BUFFER));
            Result result = socket.send(part, 0);
            if (result.ok()) {
                sent += (int) result.value();
            } else if (result.errno() != Errno.EAGAIN) {
                // The pending error is taken off the socket by this: a later recv would answer 0, which is no FIN.
                broken = result.errno();
                return new Sent(sent, result.errno());
            } else if (!await(NativeSocket.POLLOUT, deadlineNanos)) {
                return new Sent(sent, Errno.EAGAIN);
            }
        }
        return new Sent(sent, Errno.OK);
    }

    /** The next thing that happens, or silence at the deadline. Over TLS, data is what records carry, and a FIN is still TCP's. */
    public Heard hear(long deadlineNanos) {
        SecureStream stream = tls;
        if (stream == null) {
            return hearRaw(deadlineNanos);
        }
        while (decrypted.length == 0) {
            Heard heard = hearRaw(deadlineNanos);
            if (!(heard instanceof Heard.Data data)) {
                return heard;
            }
            try {
                decrypted = stream.unwrap(data.bytes());
                decryptedNanos = data.atNanos();
            } catch (SSLException _) {
                return new Heard.Reset(Errno.EPROTO, data.atNanos());
            }
        }
        byte[] bytes = decrypted;
        decrypted = new byte[0];
        return new Heard.Data(bytes, decryptedNanos);
    }

    private Heard hearRaw(long deadlineNanos) {
        while (true) {
            Result result = socket.recv(buffer, 0);
            long now = System.nanoTime();
            if (result.ok() && result.value() > 0) {
                return new Heard.Data(Arrays.copyOf(buffer, (int) result.value()), now);
            }
            Errno earlier = broken;
            if (result.ok()) {
                return earlier == null ? new Heard.Fin(now) : new Heard.Reset(earlier, now);
            }
            if (result.errno() != Errno.EAGAIN) {
                return new Heard.Reset(result.errno(), now);
            }
            if (!await(NativeSocket.POLLIN, deadlineNanos)) {
                return new Heard.Silence(System.nanoTime());
            }
        }
    }

    /** Waits for an event; false at the deadline. */
    private boolean await(int events, long deadlineNanos) {
        long left = deadlineNanos - System.nanoTime();
        if (left <= 0) {
            return false;
        }
        Result _ = socket.await(events, (int) Math.min(Integer.MAX_VALUE, left / 1_000_000 + 1));
        return true;
    }

    /** Waits until data has arrived; it is the next to be heard. */
    public boolean arrived(long withinNanos) {
        if (tls == null || decrypted.length > 0) {
            return decrypted.length > 0 || arrivedUnread(withinNanos);
        }
        if (hear(System.nanoTime() + withinNanos) instanceof Heard.Data data) {
            decrypted = data.bytes();
            return true;
        }
        return false;
    }

    /** Waits until something has arrived, and leaves it in the kernel. */
    public boolean arrivedUnread(long withinNanos) {
        return socket.await(NativeSocket.POLLIN, (int) (withinNanos / 1_000_000))
                        .value()
                > 0;
    }

    /** Acknowledges what comes next at once; each send may end that (tcp(7), TCP_QUICKACK). */
    public void acknowledgeAtOnce() {
        Errno _ = socket.setOption(SocketOptions.IPPROTO_TCP, SocketOptions.TCP_QUICKACK, 1);
    }

    /** Whether an RST comes, even behind the peer's FIN, within this time; nothing is read. */
    public boolean resetFollows(int withinMillis) {
        // poll(2) reports POLLERR and POLLHUP unasked; a FIN alone is neither.
        return socket.await(0, withinMillis).value() != 0;
    }

    /** Reads one response to a GET or POST, for at most {@code withinNanos}. */
    public Answer answer(long withinNanos) {
        return reader.read(false, System.nanoTime() + withinNanos);
    }

    /** Reads one response, for at most five seconds. */
    public Answer answer() {
        return answer(PATIENCE_NANOS);
    }

    /** Sends a request and reads its response. */
    public Answer ask(String request) {
        Sent sent = send(request);
        return sent.ok() || sent.errno() != Errno.EAGAIN ? answer() : answer(0);
    }

    AnswerReader reader() {
        return reader;
    }

    /** What came before the end, and the end. */
    public record Ending(Heard heard, long bytes, String text) {}

    /** Reads on and throws away until FIN or RST, or silence at the deadline; keeps the first 200 bytes as text. */
    public Ending ending(long withinNanos) {
        long deadline = System.nanoTime() + withinNanos;
        StringBuilder text = new StringBuilder(reader.rest());
        long bytes = text.length();
        while (true) {
            Heard heard = hear(deadline);
            if (!(heard instanceof Heard.Data data)) {
                return new Ending(heard, bytes, text.toString());
            }
            bytes += data.bytes().length;
            if (text.length() < 200) {
                String more = new String(data.bytes(), StandardCharsets.ISO_8859_1);
                text.append(more, 0, Math.min(more.length(), 200 - text.length()));
            }
            if (System.nanoTime() > deadline) {
                return new Ending(new Heard.Silence(System.nanoTime()), bytes, text.toString());
            }
        }
    }

    /** Sends our FIN, over TLS behind a close_notify, and goes on reading. */
    public Errno finish() {
        boolean _ = closeNotify();
        return finishRaw();
    }

    /** Sends our close_notify, and no FIN; false without TLS. */
    public boolean closeNotify() {
        SecureStream stream = tls;
        if (stream == null) {
            return false;
        }
        try {
            return sendRaw(stream.closeNotify(), System.nanoTime() + PATIENCE_NANOS)
                    .ok();
        } catch (SSLException _) {
            return false;
        }
    }

    /** Sends our FIN, over TLS without a close_notify: a truncation. */
    public Errno finishRaw() {
        return socket.shutdown(Half.WRITE);
    }

    /** Ends it by RST: nothing stays behind on either side. */
    public void abort() {
        Errno _ = socket.linger(true, 0);
        socket.close();
    }

    /** close(2): a FIN, or an RST where something is unread. */
    @Override
    public void close() {
        socket.close();
    }
}
