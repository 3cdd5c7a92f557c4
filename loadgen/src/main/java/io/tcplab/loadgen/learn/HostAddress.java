package io.tcplab.loadgen.learn;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** An IP address as numbers; one of IPv4 has {@code high} 0 and the prefix ::ffff of its form in IPv6. */
record HostAddress(long high, long low) implements Comparable<HostAddress> {

    private static final long MAPPED = 0xffff_0000_0000L;
    private static final int BYTES = 16;

    static HostAddress v4(byte[] bytes, int at) {
        return new HostAddress(0, MAPPED | number(bytes, at, 4));
    }

    static HostAddress v6(byte[] bytes, int at) {
        return new HostAddress(number(bytes, at, 8), number(bytes, at + 8, 8));
    }

    private static long number(byte[] bytes, int at, int length) {
        long number = 0;
        for (int i = at; i < at + length; i++) {
            number = (number << 8) | (bytes[i] & 0xff);
        }
        return number;
    }

    private boolean isV4() {
        return high == 0 && low >>> 32 == MAPPED >>> 32;
    }

    /** With a port, as a target is written. */
    String withPort(int port) {
        byte[] bytes = ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
        try {
            String text = isV4()
                    ? InetAddress.getByAddress(Arrays.copyOfRange(bytes, 12, BYTES))
                            .getHostAddress()
                    : "[" + InetAddress.getByAddress(bytes).getHostAddress() + "]";
            return text + ":" + port;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }

    @Override
    public int compareTo(HostAddress other) {
        int order = Long.compareUnsigned(high, other.high);
        return order != 0 ? order : Long.compareUnsigned(low, other.low);
    }
}
