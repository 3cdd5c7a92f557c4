package io.tcplab.loadgen.learn;

/**
 * A TCP segment's headers.
 *
 * @param nanos when it was captured
 * @param from sender
 * @param to receiver
 * @param seq sequence number of the first byte, or of the SYN
 * @param flags FIN 1, SYN 2, RST 4, PSH 8, ACK 16
 * @param payload bytes, by the lengths in the headers
 * @param ipId identification of IPv4; -1 for IPv6
 */
record Segment(long nanos, Endpoint from, Endpoint to, int seq, int flags, int payload, int ipId) {

    /** One end of a connection. */
    record Endpoint(HostAddress address, int port) implements Comparable<Endpoint> {
        String words() {
            return address.withPort(port);
        }

        @Override
        public int compareTo(Endpoint other) {
            int order = address.compareTo(other.address);
            return order != 0 ? order : Integer.compare(port, other.port);
        }
    }

    boolean isFin() {
        return (flags & 1) != 0;
    }

    boolean isSyn() {
        return (flags & 2) != 0;
    }

    boolean isRst() {
        return (flags & 4) != 0;
    }

    boolean isAck() {
        return (flags & 16) != 0;
    }

    /** Sequence numbers that it takes: its bytes, a SYN and a FIN. */
    int length() {
        return payload + (isSyn() ? 1 : 0) + (isFin() ? 1 : 0);
    }
}
