package io.tcplab.kernel.host;

import java.util.BitSet;
import java.util.Optional;

/**
 * A set of ports in the kernel's notation: {@code 8080,9000-9010} as in ip_local_reserved_ports, or {@code 32768 60999}
 * as in ip_local_port_range.
 */
final class PortSet {
    private PortSet() {}

    /** The ports of a list such as {@code 1-3,7}; empty if it is not one. */
    static Optional<BitSet> parse(String list) {
        BitSet ports = new BitSet(65_536);
        for (String part : list.split(",", -1)) {
            String range = part.strip();
            if (!range.isEmpty() && !add(ports, range.split("-", 2))) {
                return Optional.empty();
            }
        }
        return Optional.of(ports);
    }

    private static boolean add(BitSet ports, String[] range) {
        try {
            int low = Integer.parseInt(range[0].strip());
            int high = range.length == 1 ? low : Integer.parseInt(range[1].strip());
            if (low < 0 || high > 65_535 || low > high) {
                return false;
            }
            ports.set(low, high + 1);
            return true;
        } catch (NumberFormatException _) {
            return false;
        }
    }
}
