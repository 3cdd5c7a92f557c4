package io.tcplab.kernel.syscall;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

/** A socket address as the kernel lays it out: sockaddr_in (ip(7), 16 bytes) or sockaddr_in6 (ipv6(7), 28 bytes). */
public final class SocketAddresses {
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int MAX_SIZE = 28;

    private static final ValueLayout.OfShort PORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

    private SocketAddresses() {}

    /** The family of a socket that talks to this address, AF_INET or AF_INET6 (socket(2)). */
    public static int family(InetAddress address) {
        return address instanceof Inet6Address ? AF_INET6 : AF_INET;
    }

    /** Lays {@code address} out for a socket of {@code family}; an IPv4 one is mapped into IPv6 where that is asked. */
    public static MemorySegment encode(Arena arena, InetSocketAddress address, int family) {
        byte[] bytes = address.getAddress().getAddress();
        MemorySegment segment = arena.allocate(family == AF_INET ? 16 : 28, 4);
        segment.set(ValueLayout.JAVA_SHORT, 0, (short) family);
        segment.set(PORT, 2, (short) address.getPort());
        if (family == AF_INET) {
            MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 4, 4);
        } else if (bytes.length == 16) {
            MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 8, 16);
            segment.set(ValueLayout.JAVA_INT, 24, scope(address.getAddress()));
        } else if (!address.getAddress().isAnyLocalAddress()) {
            segment.set(ValueLayout.JAVA_SHORT, 18, (short) 0xffff);
            MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 20, 4);
        }
        return segment;
    }

    static InetSocketAddress decode(MemorySegment segment) {
        boolean four = segment.get(ValueLayout.JAVA_SHORT, 0) == AF_INET;
        byte[] bytes = segment.asSlice(four ? 4 : 8, four ? 4 : 16).toArray(ValueLayout.JAVA_BYTE);
        try {
            return new InetSocketAddress(InetAddress.getByAddress(bytes), segment.get(PORT, 2) & 0xffff);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 bytes are always an address", e);
        }
    }

    private static int scope(InetAddress address) {
        return address instanceof Inet6Address six ? six.getScopeId() : 0;
    }
}
