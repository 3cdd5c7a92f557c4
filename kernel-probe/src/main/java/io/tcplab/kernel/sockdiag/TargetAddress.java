package io.tcplab.kernel.sockdiag;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The address that a target's clients connect to, as sockets of either family have it: an IPv6 socket has an IPv4 peer under its
 * IPv4-mapped address (RFC 4291 §2.5.5.2). Without the zone: fe80::1%eth0 and fe80::1 are the same bytes.
 */
final class TargetAddress {

    private static final int MAPPED_PREFIX = 12;

    private final InetAddress address;

    /** Empty for an IPv6 address, which no IPv4 socket has. */
    private final byte[] four;

    private final byte[] six;

    private TargetAddress(InetAddress address) {
        this.address = address;
        byte[] bytes = address.getAddress();
        if (address instanceof Inet4Address) {
            four = bytes;
            six = new byte[MAPPED_PREFIX + bytes.length];
            Arrays.fill(six, MAPPED_PREFIX - 2, MAPPED_PREFIX, (byte) 0xff);
            System.arraycopy(bytes, 0, six, MAPPED_PREFIX, bytes.length);
        } else {
            four = new byte[0];
            six = bytes;
        }
    }

    /** Null, as {@code target} may be, for every address. */
    static @Nullable TargetAddress of(@Nullable InetAddress target) {
        return target == null ? null : new TargetAddress(target);
    }

    /** The address as a socket of the family has it; empty where none of that family can. */
    byte[] bytes(boolean ofFour) {
        return ofFour ? four : six;
    }

    boolean isFour() {
        return four.length > 0;
    }

    boolean is(InetAddress other) {
        return Arrays.equals(address.getAddress(), other.getAddress());
    }
}
