package io.tcplab.loadgen.connection;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;

/** Builds struct sockaddr_in and sockaddr_in6 (ip(7), ipv6(7)). */
final class SocketAddresses {

    private static final ValueLayout.OfShort BIG_ENDIAN_SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(java.nio.ByteOrder.BIG_ENDIAN);

    private SocketAddresses() {}

    static int family(InetAddress address) {
        return address instanceof Inet6Address ? SocketCalls.AF_INET6 : SocketCalls.AF_INET;
    }

    static MemorySegment of(InetAddress address, int port) {
        boolean six = address instanceof Inet6Address;
        MemorySegment segment = Arena.ofAuto().allocate(six ? 28 : 16, 8);
        segment.set(ValueLayout.JAVA_SHORT, 0, (short) family(address));
        segment.set(BIG_ENDIAN_SHORT, 2, (short) port);
        MemorySegment.copy(
                MemorySegment.ofArray(address.getAddress()), 0, segment, six ? 8 : 4, address.getAddress().length);
        if (address instanceof Inet6Address scoped) {
            segment.set(ValueLayout.JAVA_INT, 24, scoped.getScopeId());
        }
        return segment;
    }
}
