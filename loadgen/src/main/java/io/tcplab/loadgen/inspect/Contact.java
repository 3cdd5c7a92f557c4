package io.tcplab.loadgen.inspect;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.NativeSocket;
import io.tcplab.kernel.syscall.NativeSocket.Half;
import io.tcplab.kernel.syscall.SocketOptions;
import io.tcplab.kernel.syscall.TcpInfo;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the server. What happens on it is seen when it happens, with its time and its errno; every wait has a deadline by
 * System.nanoTime. One thread uses it.
 */
public final class Contact implements AutoCloseable {

    /** How long a handshake, a send or a response may take. */
    public static final long PATIENCE_NANOS = 5_000_000_000L;

    /** What stands behind a reason where the server has asked for what it was not given. */
    static final String ASKED = ", behind its request for a client's certificate";

    /** Within this and two round trips tickets come behind a handshake. */
    private static final long TICKETS_NANOS = 20_000_000L;

    private final TimedSocket raw;
    private final AnswerReader reader = new AnswerReader(this);
    private @Nullable SecureLine tls;
    private long handshakeNanos;
    private boolean certificateAsked;
    private boolean acted;
    private int busyStatus;

    private Contact(TimedSocket raw) {
        this.raw = raw;
    }

    /** How a socket is prepared before it connects. */
    public interface Preparation {
        void prepare(NativeSocket socket);
    }

    /** Connects; throws Unreachable with the errno where that fails or takes longer. Its waits end early once {@code over} says so. */
    static Contact open(InetSocketAddress to, Preparation preparation, int withinMillis, BooleanSupplier over)
            throws Unreachable {
        return new Contact(TimedSocket.open(to, preparation, withinMillis, over));
    }

    /**
     * Whether the peer speaks MPTCP; empty where the socket is refused here, or no connection is taken. {@code opened} is given the port
     * that it connected from.
     */
    static Optional<Boolean> speaksMultipath(InetSocketAddress to, IntConsumer opened) {
        return TimedSocket.speaksMultipath(to, (int) (PATIENCE_NANOS / 1_000_000), opened);
    }

    /**
     * Performs a TLS handshake on it; throws Unreachable with its reason. {@code askedForCertificate} says whether the server has
     * asked for one of the client meanwhile.
     */
    void secure(SSLEngine engine, BooleanSupplier askedForCertificate) throws Unreachable {
        long began = System.nanoTime();
        acted = true;
        // The handshake's last records are small and not acknowledged at once: Nagle would hold back what follows, and
        // an abort lose it.
        Errno _ = raw.socket().setOption(SocketOptions.IPPROTO_TCP, SocketOptions.TCP_NODELAY, 1);
        try {
            tls = SecureLine.over(raw, engine, began + PATIENCE_NANOS);
        } catch (Unreachable e) {
            throw askedForCertificate.getAsBoolean() ? new Unreachable(e.getMessage() + ASKED) : e;
        }
        certificateAsked = askedForCertificate.getAsBoolean();
        handshakeNanos = System.nanoTime() - began;
    }

    /** Over TLS 1.3, reads the tickets that come behind the handshake by themselves: what arrives from now on is an answer. */
    public void takeTickets() {
        if (tls != null && tlsVersion().equals("TLSv1.3")) {
            boolean _ = tls.arrived(TICKETS_NANOS + 2 * connectNanos());
        }
    }

    /** How long the TLS handshake took; 0 where there was none. */
    public long handshakeNanos() {
        return handshakeNanos;
    }

    /** The version of TLS; empty without TLS. */
    public String tlsVersion() {
        return tls == null ? "" : tls.stream().version();
    }

    /** Why TLS failed behind the handshake, as the end of a sentence: an alert, or an end in place of one; empty otherwise. */
    String tlsFailure() {
        if (tls == null) {
            return "";
        }
        return (tls.failure().isEmpty() ? "" : ": TLS: " + tls.failure()) + (certificateAsked ? ASKED : "");
    }

    /** How many tickets have come (TLS 1.3). */
    public int tickets() {
        return tls == null ? 0 : tls.stream().tickets();
    }

    /** Whether the server's close_notify has come. */
    public boolean closeNotified() {
        return tls != null && tls.stream().closeNotified();
    }

    /** Whether the server has ended a TLS connection by close_notify alone: the FIN waits for the client's. */
    public boolean endedWithoutFin() {
        return tls != null && tls.endedWithoutFin();
    }

    /** How long the handshake took, as connect(2) and poll(2) show it. */
    public long connectNanos() {
        return raw.connectNanos();
    }

    /** Its own end. */
    public InetSocketAddress local() {
        return raw.local();
    }

    /** What the kernel knows of it. */
    public Optional<TcpInfo> tcpInfo() {
        return raw.socket().tcpInfo();
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
        acted = true;
        return tls == null ? raw.send(bytes, deadlineNanos) : tls.send(bytes, deadlineNanos);
    }

    /**
     * The next thing that happens, or silence at the deadline. Over TLS, data is what records carry, and a FIN is still TCP's, or a
     * close_notify that none follows.
     */
    public Heard hear(long deadlineNanos) {
        return tls == null ? raw.hear(deadlineNanos) : tls.hear(deadlineNanos);
    }

    /** Waits until data has arrived; it is the next to be heard. */
    public boolean arrived(long withinNanos) {
        return tls == null ? raw.arrived(withinNanos) : tls.arrived(withinNanos);
    }

    /** Waits until something has arrived, and leaves it in the kernel. */
    public boolean arrivedUnread(long withinNanos) {
        return raw.arrived(withinNanos);
    }

    /** Acknowledges what comes next at once; each send may end that (tcp(7), TCP_QUICKACK). */
    public void acknowledgeAtOnce() {
        Errno _ = raw.socket().setOption(SocketOptions.IPPROTO_TCP, SocketOptions.TCP_QUICKACK, 1);
    }

    /** From now on hears nothing and so answers nothing, as if its host were gone; the errno where that is refused. */
    public Errno vanish() {
        return raw.socket().hearNothing();
    }

    /** Is there again after {@link #vanish}. */
    public void reappear() {
        Errno _ = raw.socket().hearAgain();
    }

    /** Whether an RST comes, even behind the peer's FIN, within this time; nothing is read. */
    public boolean resetFollows(int withinMillis) {
        // poll(2) reports POLLERR and POLLHUP unasked; a FIN alone is neither.
        return raw.socket().await(0, withinMillis).value() != 0;
    }

    /** Reads one response to a GET or POST, for at most {@code withinNanos}. */
    public Answer answer(long withinNanos) {
        Answer answer = reader.read(false, System.nanoTime() + withinNanos);
        busyStatus = answer.isBusy() ? answer.status() : busyStatus;
        return answer;
    }

    /** 429 or 503, where an answer had that; 0 where none did. */
    int busyStatus() {
        return busyStatus;
    }

    /** Whether the server ended it at once, without a byte. */
    boolean endedAtOnce() {
        return raw.endedAtOnce();
    }

    /** Whether it did so though the client had done nothing but connect. */
    boolean endedUnasked() {
        return raw.endedAtOnce() && !acted;
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
        StringBuilder text = new StringBuilder(reader.unread().rest());
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
        return tls != null && tls.closeNotify(System.nanoTime() + PATIENCE_NANOS);
    }

    /** Sends our FIN, over TLS without a close_notify: a truncation. */
    public Errno finishRaw() {
        acted = true;
        return raw.socket().shutdown(Half.WRITE);
    }

    /** Ends it by RST: nothing stays behind on either side. */
    public void abort() {
        Errno _ = raw.socket().linger(true, 0);
        raw.socket().close();
    }

    /** close(2): a FIN, or an RST where something is unread. */
    @Override
    public void close() {
        raw.socket().close();
    }
}
