package io.tcplab.kernel.sockdiag;

import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.syscall.TcpInfo;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * One {@code inet_diag_msg} in a buffer, read in place: a view that is moved from message to message, so that counting
 * sockets allocates nothing. Offsets by {@code linux/inet_diag.h}.
 */
final class DiagMessage {
    static final int SIZE = 72;

    private static final int AF_INET = 2;
    private static final int LOCAL_ADDRESS = 8;
    private static final int REMOTE_ADDRESS = 24;
    private static final int DEVICE = 40;
    private static final int ATTRIBUTE_INFO = 2;
    private static final int ATTRIBUTE_SKMEMINFO = 7;
    private static final int ATTRIBUTE_V6ONLY = 11;
    private static final int SKMEMINFO_DROPS = 8;

    private final ByteBuffer buffer;
    private int start;
    private int end;

    /** {@code buffer} must be in native order. */
    DiagMessage(ByteBuffer buffer) {
        if (buffer.order() != ByteOrder.nativeOrder()) {
            throw new IllegalArgumentException("netlink speaks the machine's byte order");
        }
        this.buffer = buffer;
    }

    /** Points the view at the message between two offsets, at least SIZE apart. */
    void at(int start, int end) {
        this.start = start;
        this.end = end;
    }

    TcpState state() {
        return TcpState.of(buffer.get(start + 1));
    }

    /** The number of {@link #state()}, without a lookup. */
    int stateNumber() {
        int number = buffer.get(start + 1);
        if (number == TcpState.NEW_SYN_RECV.number()) {
            return TcpState.SYN_RECV.number();
        }
        return number > 0 && number < TcpState.NUMBERS ? number : TcpState.CLOSE.number();
    }

    int localPort() {
        return portAt(4);
    }

    int remotePort() {
        return portAt(6);
    }

    InetSocketAddress local() {
        return new InetSocketAddress(addressAt(LOCAL_ADDRESS), localPort());
    }

    InetSocketAddress remote() {
        return new InetSocketAddress(addressAt(REMOTE_ADDRESS), remotePort());
    }

    /**
     * Whether the local or the remote end has this address. A half-open connection by IPv4 at an IPv6 listener has no address that
     * could be read: the kernel fills in IPv4's fields and reports IPv6's ({@code tcp_v4_init_req}, {@code inet_diag_msg_common_fill}).
     */
    boolean isAt(TargetAddress target, boolean local) {
        boolean four = buffer.get(start) == AF_INET;
        if (!four && target.isFour() && stateNumber() == TcpState.SYN_RECV.number()) {
            return true;
        }
        byte[] wanted = target.bytes(four);
        int at = start + (local ? LOCAL_ADDRESS : REMOTE_ADDRESS);
        for (int i = 0; i < wanted.length; i++) {
            if (buffer.get(at + i) != wanted[i]) {
                return false;
            }
        }
        return wanted.length > 0;
    }

    long receiveQueue() {
        return intAt(56);
    }

    long sendQueue() {
        return intAt(60);
    }

    long inode() {
        return intAt(68);
    }

    ListenerReading listener() {
        return new ListenerReading(
                local(), v6Only(), receiveQueue(), sendQueue(), drops(), inode(), buffer.getInt(start + DEVICE));
    }

    SocketReading socket() {
        return new SocketReading(
                local(),
                remote(),
                state(),
                SocketTimer.of(buffer.get(start + 2)),
                intAt(52),
                buffer.get(start + 3) & 0xff,
                inode(),
                receiveQueue(),
                sendQueue(),
                tcpInfo());
    }

    /** INET_DIAG_SKV6ONLY, which every IPv6 listener has ({@code inet_diag_msg_attrs_fill} in {@code net/ipv4/inet_diag.c}). */
    private boolean v6Only() {
        int at = attribute(ATTRIBUTE_V6ONLY);
        return at >= 0 && at < attributeEnd(at) && buffer.get(at) != 0;
    }

    /** {@code sk_drops}, or UNKNOWN where the kernel did not send socket memory figures. */
    long drops() {
        int at = attribute(ATTRIBUTE_SKMEMINFO);
        int from = at + 4 * SKMEMINFO_DROPS;
        return at >= 0 && from + 4 <= attributeEnd(at) ? buffer.getInt(from) & 0xffff_ffffL : ListenerReading.UNKNOWN;
    }

    private Optional<TcpInfo> tcpInfo() {
        int at = attribute(ATTRIBUTE_INFO);
        if (at < 0 || attributeEnd(at) - at < TcpInfo.OLDEST_SIZE) {
            return Optional.empty();
        }
        return Optional.of(TcpInfo.decode(buffer.slice(at, attributeEnd(at) - at)));
    }

    /** The offset of an attribute's payload, or -1; attributes of absurd length end the search. */
    private int attribute(int wanted) {
        int at = start + SIZE;
        while (at + 4 <= end) {
            int length = buffer.getShort(at) & 0xffff;
            if (length < 4 || at + length > end) {
                return -1;
            }
            if ((buffer.getShort(at + 2) & 0x3fff) == wanted) {
                return at + 4;
            }
            at += (length + 3) & ~3;
        }
        return -1;
    }

    private int attributeEnd(int payload) {
        return payload - 4 + (buffer.getShort(payload - 4) & 0xffff);
    }

    private long intAt(int offset) {
        return buffer.getInt(start + offset) & 0xffff_ffffL;
    }

    private int portAt(int offset) {
        return (buffer.get(start + offset) & 0xff) << 8 | (buffer.get(start + offset + 1) & 0xff);
    }

    private InetAddress addressAt(int offset) {
        byte[] bytes = new byte[buffer.get(start) == AF_INET ? 4 : 16];
        buffer.get(start + offset, bytes);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 bytes are always an address", e);
        }
    }
}
