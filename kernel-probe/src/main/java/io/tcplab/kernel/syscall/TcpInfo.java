package io.tcplab.kernel.syscall;

import io.tcplab.kernel.TcpState;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What the kernel knows of one connection: {@code struct tcp_info}, from getsockopt(TCP_INFO) or sock_diag.
 *
 * <p>Figures are in the unit of their name; segments and bytes otherwise. A kernel that is too old to know a field gives
 * a shorter structure: such a field is {@link #ABSENT}. On a LISTEN socket {@code unacked} is the length of the accept
 * queue and {@code sacked} its limit ({@code tcp_get_info}, {@code net/ipv4/tcp.c}).
 */
public record TcpInfo(
        TcpState state,
        int congestionState,
        int retransmits,
        int probes,
        int backoff,
        boolean timestamps,
        boolean selectiveAcks,
        boolean windowScaling,
        boolean ecn,
        int sendWindowScale,
        long rtoMicros,
        long sendMss,
        long receiveMss,
        long unacked,
        long sacked,
        long lost,
        long retrans,
        long lastDataSentMillis,
        long lastDataReceivedMillis,
        long lastAckReceivedMillis,
        long rttMicros,
        long rttVarMicros,
        long congestionWindow,
        long totalRetrans,
        long bytesAcked,
        long bytesReceived,
        long segmentsOut,
        long segmentsIn,
        long notSentBytes,
        long minRttMicros,
        long bytesSent,
        long bytesRetransmitted,
        long sendWindow,
        boolean dataInSyn) {
    /** The value of a field that this kernel does not report. */
    public static final long ABSENT = -1;

    /** TCPI_OPT_SYN_DATA: the peer has acknowledged data in our SYN (RFC 7413). */
    private static final int DATA_IN_SYN = 32;

    /** Bytes of the structure up to the last field read here. */
    public static final int SIZE = 232;

    /** Bytes of the first fields, which every kernel since 2.6 gives. */
    public static final int OLDEST_SIZE = 104;

    /**
     * Decodes the first {@code raw.remaining()} bytes of a tcp_info; offsets by {@code linux/tcp.h}, which only ever
     * grows at its end. Throws IllegalArgumentException for fewer bytes than the oldest structure has.
     */
    public static TcpInfo decode(ByteBuffer raw) {
        if (raw.remaining() < OLDEST_SIZE) {
            throw new IllegalArgumentException("tcp_info of " + raw.remaining() + " bytes, at least " + OLDEST_SIZE);
        }
        Fields at = new Fields(raw.slice().order(ByteOrder.nativeOrder()));
        int options = at.byteAt(5);
        return new TcpInfo(
                TcpState.of(at.byteAt(0)),
                at.byteAt(1),
                at.byteAt(2),
                at.byteAt(3),
                at.byteAt(4),
                (options & 1) != 0,
                (options & 2) != 0,
                (options & 4) != 0,
                (options & 8) != 0,
                at.byteAt(6) & 0xf,
                at.intAt(8),
                at.intAt(16),
                at.intAt(20),
                at.intAt(24),
                at.intAt(28),
                at.intAt(32),
                at.intAt(36),
                at.intAt(44),
                at.intAt(52),
                at.intAt(56),
                at.intAt(68),
                at.intAt(72),
                at.intAt(80),
                at.intAt(100),
                at.longAt(120),
                at.longAt(128),
                at.intAt(136),
                at.intAt(140),
                at.intAt(144),
                at.intAt(148),
                at.longAt(200),
                at.longAt(208),
                at.intAt(228),
                (options & DATA_IN_SYN) != 0);
    }

    /** The length of the accept queue, of a LISTEN socket. */
    public long acceptQueueLength() {
        return unacked;
    }

    /** The limit of the accept queue, of a LISTEN socket: min(backlog, somaxconn); one more is let in. */
    public long acceptQueueLimit() {
        return sacked;
    }

    private record Fields(ByteBuffer raw) {
        int byteAt(int offset) {
            return raw.get(offset) & 0xff;
        }

        long intAt(int offset) {
            return offset + 4 <= raw.limit() ? raw.getInt(offset) & 0xffff_ffffL : ABSENT;
        }

        long longAt(int offset) {
            return offset + 8 <= raw.limit() ? raw.getLong(offset) : ABSENT;
        }
    }
}
