package io.tcplab.loadgen.learn;

/** What a capture had in it, and what was not understood. */
final class CaptureCounts {

    long packets;
    long segments;
    /** Not TCP. */
    long other;
    /** Shorter than their headers: the snap length was too small. */
    long cut;
    /** Behind the first of a datagram's fragments, without a TCP header. */
    long fragments;

    long malformed;
    /** The same packet captured twice, as tcpdump -i any does. */
    long duplicates;
    /** A link type that is not known; -1 = none. */
    int unknownLink = -1;

    long firstNanos = Long.MAX_VALUE;
    long lastNanos;

    void packet(long nanos) {
        packets++;
        firstNanos = Math.min(firstNanos, nanos);
        lastNanos = Math.max(lastNanos, nanos);
    }
}
