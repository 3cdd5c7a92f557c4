package io.tcplab.kernel.cable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Looks at an Ethernet frame in place: which TCP segment over IPv4 it is (RFC 791, RFC 9293 §3.1). One object serves all frames of a
 * thread.
 */
final class Frame {

    /** Ethernet's header (IEEE 802.3). */
    static final int ETHERNET_BYTES = 14;

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private static final int ETHERTYPE = 12;
    private static final int IPV4 = 0x0800;
    private static final int IP = ETHERNET_BYTES;
    private static final int SMALLEST = ETHERNET_BYTES + 20 + 20;
    private static final int PROTOCOL_TCP = 6;
    private static final int FRAGMENT_OFFSET = 0x1fff;

    private boolean isIp;
    private boolean isTcp;
    private SegmentKind kind = SegmentKind.ACK;
    private int flags;
    private int sequence;
    private int acknowledged;
    private int payload;
    private long source;
    private long destination;

    void look(MemorySegment memory, long at, int length) {
        isIp = length >= ETHERNET_BYTES + 20 && (memory.get(SHORT, at + ETHERTYPE) & 0xffff) == IPV4;
        int header = isIp ? (memory.get(ValueLayout.JAVA_BYTE, at + IP) & 0xf) * 4 : 0;
        isTcp = isIp
                && length >= SMALLEST
                && memory.get(ValueLayout.JAVA_BYTE, at + IP + 9) == PROTOCOL_TCP
                && (memory.get(SHORT, at + IP + 6) & FRAGMENT_OFFSET) == 0
                && length >= ETHERNET_BYTES + header + 20;
        if (isTcp) {
            lookAtSegment(memory, at + IP, header);
        }
    }

    private void lookAtSegment(MemorySegment memory, long ip, int header) {
        long tcp = ip + header;
        int total = memory.get(SHORT, ip + 2) & 0xffff;
        payload = Math.max(0, total - header - ((memory.get(ValueLayout.JAVA_BYTE, tcp + 12) >> 4 & 0xf) * 4));
        flags = memory.get(ValueLayout.JAVA_BYTE, tcp + 13) & 0xff;
        sequence = memory.get(INT, tcp + 4);
        acknowledged = memory.get(INT, tcp + 8);
        source = endpoint(memory.get(INT, ip + 12), memory.get(SHORT, tcp));
        destination = endpoint(memory.get(INT, ip + 16), memory.get(SHORT, tcp + 2));
        kind = SegmentKind.of(flags, payload);
    }

    private static long endpoint(int address, short port) {
        return (address & 0xffff_ffffL) << 16 | (port & 0xffff);
    }

    /** Whether it is IPv4; anything else, such as ARP, is no part of the path that is played. */
    boolean isIp() {
        return isIp;
    }

    /** Whether the rest below is about this frame. */
    boolean isTcp() {
        return isTcp;
    }

    SegmentKind kind() {
        return kind;
    }

    int sequence() {
        return sequence;
    }

    int acknowledged() {
        return acknowledged;
    }

    /** The number behind the last that it takes: SYN and FIN take one each. */
    int sequenceEnd() {
        return sequence + payload + (flags & 1) + (flags >> 1 & 1);
    }

    /** Address and port that sent it, in 48 bits. */
    long source() {
        return source;
    }

    long destination() {
        return destination;
    }
}
