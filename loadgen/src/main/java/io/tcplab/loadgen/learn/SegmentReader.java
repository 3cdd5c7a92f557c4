package io.tcplab.loadgen.learn;

import java.util.function.Consumer;

/**
 * Finds the TCP segment in a packet, through Ethernet with VLAN tags, Linux's cooked headers, BSD's loopback header, or none; IPv4 and
 * IPv6. What it does not understand it counts.
 */
final class SegmentReader implements FrameSink {

    // tcpdump.org/linktypes.html
    private static final int LINK_NULL = 0;
    private static final int LINK_ETHERNET = 1;
    private static final int LINK_RAW_OPENBSD = 14;
    private static final int LINK_RAW_BSD = 12;
    private static final int LINK_RAW = 101;
    private static final int LINK_LOOP = 108;
    private static final int LINK_COOKED = 113;
    private static final int LINK_IPV4 = 228;
    private static final int LINK_IPV6 = 229;
    private static final int LINK_COOKED_2 = 276;

    private static final int ETHERTYPE_IPV4 = 0x0800;
    private static final int ETHERTYPE_IPV6 = 0x86dd;
    private static final int ETHERTYPE_VLAN = 0x8100;
    private static final int ETHERTYPE_QINQ = 0x88a8;
    private static final int ETHERTYPE_QINQ_OLD = 0x9100;

    private static final int PROTOCOL_TCP = 6;
    private static final int MOST_EXTENSIONS = 8;
    private static final int IPV6_HEADER = 40;
    private static final int LEAST_TCP_HEADER = 20;
    private static final int NOT_FOUND = -1;

    private final Consumer<Segment> segments;
    private final CaptureCounts counts;

    /** Of the packet that is being read. */
    private byte[] bytes = new byte[0];

    private int captured;
    private long original;

    SegmentReader(Consumer<Segment> segments, CaptureCounts counts) {
        this.segments = segments;
        this.counts = counts;
    }

    @Override
    public void frame(long nanos, int linkType, byte[] packet, int length, long originalLength) {
        bytes = packet;
        captured = length;
        original = originalLength;
        long time = Math.clamp(nanos, 0, Long.MAX_VALUE / 4);
        counts.packet(time);
        int ip = network(linkType);
        if (ip == NOT_FOUND || ip >= captured) {
            counts.other++;
            return;
        }
        switch ((bytes[ip] & 0xf0) >> 4) {
            case 4 -> ipv4(time, ip);
            case 6 -> ipv6(time, ip);
            default -> counts.other++;
        }
    }

    /** Where the network layer begins. */
    private int network(int linkType) {
        return switch (linkType) {
            case LINK_ETHERNET -> behindTags(12);
            case LINK_COOKED -> behindTags(14);
            case LINK_COOKED_2 -> captured >= 20 && isIp(u16(0)) ? 20 : NOT_FOUND;
            case LINK_NULL, LINK_LOOP -> 4;
            case LINK_RAW, LINK_RAW_BSD, LINK_RAW_OPENBSD, LINK_IPV4, LINK_IPV6 -> 0;
            default -> {
                counts.unknownLink = linkType;
                yield NOT_FOUND;
            }
        };
    }

    private int behindTags(int typeAt) {
        int at = typeAt;
        while (at + 2 <= captured) {
            int type = u16(at);
            if (isIp(type)) {
                return at + 2;
            }
            if (type != ETHERTYPE_VLAN && type != ETHERTYPE_QINQ && type != ETHERTYPE_QINQ_OLD) {
                return NOT_FOUND;
            }
            at += 4;
        }
        return NOT_FOUND;
    }

    private static boolean isIp(int etherType) {
        return etherType == ETHERTYPE_IPV4 || etherType == ETHERTYPE_IPV6;
    }

    private void ipv4(long time, int ip) {
        if (ip + 20 > captured) {
            counts.cut++;
            return;
        }
        int header = (bytes[ip] & 0x0f) * 4;
        if (header < 20 || (bytes[ip + 9] & 0xff) != PROTOCOL_TCP) {
            counts.other++;
            return;
        }
        if ((u16(ip + 6) & 0x1fff) != 0) {
            counts.fragments++;
            return;
        }
        // A segment that the network card is to cut (TSO) may be longer than the field holds, which is then 0.
        int total = u16(ip + 2);
        long length = total == 0 ? original - ip : total;
        tcp(
                time,
                ip + header,
                length - header,
                HostAddress.v4(bytes, ip + 12),
                HostAddress.v4(bytes, ip + 16),
                u16(ip + 4));
    }

    private void ipv6(long time, int ip) {
        if (ip + IPV6_HEADER > captured) {
            counts.cut++;
            return;
        }
        int payload = u16(ip + 4);
        long length = payload == 0 ? original - ip - IPV6_HEADER : payload;
        int next = bytes[ip + 6] & 0xff;
        int at = ip + IPV6_HEADER;
        for (int i = 0; i < MOST_EXTENSIONS && next != PROTOCOL_TCP; i++) {
            if (at + 8 > captured || (next != 0 && next != 43 && next != 44 && next != 60)) {
                counts.other++;
                return;
            }
            if (next == 44 && (u16(at + 2) & 0xfff8) != 0) {
                counts.fragments++;
                return;
            }
            int size = next == 44 ? 8 : ((bytes[at + 1] & 0xff) + 1) * 8;
            next = bytes[at] & 0xff;
            at += size;
            length -= size;
        }
        if (next != PROTOCOL_TCP) {
            counts.other++;
            return;
        }
        tcp(time, at, length, HostAddress.v6(bytes, ip + 8), HostAddress.v6(bytes, ip + 24), -1);
    }

    private void tcp(long time, int at, long length, HostAddress from, HostAddress to, int ipId) {
        if (at + 14 > captured) {
            counts.cut++;
            return;
        }
        int header = ((bytes[at + 12] & 0xf0) >> 4) * 4;
        long payload = length - header;
        if (header < LEAST_TCP_HEADER || payload < 0 || payload > Integer.MAX_VALUE / 2) {
            counts.malformed++;
            return;
        }
        counts.segments++;
        segments.accept(new Segment(
                time,
                new Segment.Endpoint(from, u16(at)),
                new Segment.Endpoint(to, u16(at + 2)),
                u16(at + 4) << 16 | u16(at + 6),
                bytes[at + 13] & 0xff,
                (int) payload,
                ipId));
    }

    private int u16(int at) {
        return ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
    }
}
