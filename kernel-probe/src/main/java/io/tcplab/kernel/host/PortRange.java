package io.tcplab.kernel.host;

import java.util.BitSet;
import java.util.Collection;
import java.util.Optional;

/** The ports that connect() may pick, both ends included: ip_local_port_range (ip(7)). */
public record PortRange(int low, int high) {
    /** Throws IllegalArgumentException unless 0 ≤ low ≤ high ≤ 65535. */
    public PortRange {
        if (low < 0 || high > 65_535 || low > high) {
            throw new IllegalArgumentException("not a port range: " + low + "-" + high);
        }
    }

    /** The number of ports in the range. */
    public int size() {
        return high - low + 1;
    }

    /**
     * The number of ports in the range that are neither in {@code reserved}, a list such as {@code 8080,9000-9010}, nor among those that
     * {@code listening} sockets hold: connect() passes over a port that somebody has taken by bind(), whatever the address
     * (__inet_hash_connect, net/ipv4/inet_hashtables.c).
     */
    public int sizeWithout(String reserved, Collection<Integer> listening) {
        BitSet taken = PortSet.parse(reserved).orElseGet(BitSet::new);
        listening.forEach(taken::set);
        return size() - taken.get(low, high + 1).cardinality();
    }

    /** Whether connect() may pick the port: it is in the range and not in {@code reserved}, which is never given out (ip-sysctl). */
    public boolean mayPick(int port, String reserved) {
        return low <= port
                && port <= high
                && !PortSet.parse(reserved).orElseGet(BitSet::new).get(port);
    }

    /** The range of {@code "32768 60999"}; empty if the text is not one. */
    public static Optional<PortRange> parse(String text) {
        String[] ends = Sysctl.normalise(text).split(" ");
        if (ends.length != 2) {
            return Optional.empty();
        }
        try {
            return Optional.of(new PortRange(Integer.parseInt(ends[0]), Integer.parseInt(ends[1])));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return low + "-" + high;
    }
}
