package io.tcplab.kernel.cable;

import io.tcplab.kernel.Side;

/**
 * What a cable has counted since it began.
 *
 * @param fromClient of what the client sent
 * @param fromServer of what the server sent
 * @param lateP50Nanos how late a packet left the cable, for half of them at most
 * @param lateP99Nanos for 99 % of them at most
 * @param lateMaxNanos for all of them
 * @param underWay packets that were still in the cable
 * @param cpuNanos that the cable's thread has used, with what both kernels do with a packet when it is handed over
 */
public record CableReading(
        Direction fromClient,
        Direction fromServer,
        long lateP50Nanos,
        long lateP99Nanos,
        long lateMaxNanos,
        int underWay,
        long cpuNanos) {

    /** The same with packets that the kernel dropped on their way into the cable. */
    CableReading withBacklogDrops(long ofClient, long ofServer) {
        return new CableReading(
                fromClient.withDropped(DropReason.BACKLOG, ofClient),
                fromServer.withDropped(DropReason.BACKLOG, ofServer),
                lateP50Nanos,
                lateP99Nanos,
                lateMaxNanos,
                underWay,
                cpuNanos);
    }

    /** What happened to what a side sent. */
    public Direction from(Side side) {
        return switch (side) {
            case CLIENT -> fromClient;
            case SERVER -> fromServer;
        };
    }

    /**
     * One direction.
     *
     * @param segments that were sent into it, by the number of their {@link SegmentKind}; the record owns it
     * @param retransmitted those of them that repeat what was sent before
     * @param otherPackets that are not TCP
     * @param dropped packets by the number of their {@link DropReason}; the record owns it
     * @param droppedSegments those of them that were TCP
     * @param deliveredSegments that left it at the other end, duplicates included
     * @param deliveredBytes with Ethernet headers, of all packets
     * @param mostBitsOfASecond that left it within one second
     * @param heldBack packets that were to be overtaken
     * @param duplicated packets that were sent twice
     * @param timed segments whose time in the cable was measured
     * @param insideP50Nanos how long half of these were in the cable, at most
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Direction(
            long[] segments,
            long retransmitted,
            long otherPackets,
            long[] dropped,
            long droppedSegments,
            long deliveredSegments,
            long deliveredBytes,
            long mostBitsOfASecond,
            long heldBack,
            long duplicated,
            long timed,
            long insideP50Nanos) {

        /** Segments of a kind. */
        public long segments(SegmentKind kind) {
            return segments[kind.ordinal()];
        }

        /** Segments of all kinds. */
        public long allSegments() {
            long sum = 0;
            for (long each : segments) {
                sum += each;
            }
            return sum;
        }

        /** The same with packets that were dropped unseen. */
        Direction withDropped(DropReason reason, long packets) {
            long[] all = dropped.clone();
            all[reason.ordinal()] += packets;
            return new Direction(
                    segments,
                    retransmitted,
                    otherPackets,
                    all,
                    droppedSegments,
                    deliveredSegments,
                    deliveredBytes,
                    mostBitsOfASecond,
                    heldBack,
                    duplicated,
                    timed,
                    insideP50Nanos);
        }

        /** Packets dropped for a reason. */
        public long dropped(DropReason reason) {
            return dropped[reason.ordinal()];
        }
    }
}
