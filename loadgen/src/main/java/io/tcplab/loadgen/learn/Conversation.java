package io.tcplab.loadgen.learn;

import io.tcplab.kernel.Side;
import org.jspecify.annotations.Nullable;

/**
 * A connection as its headers show it.
 *
 * @param server where it went
 * @param openedNanos when its SYN was sent; of one that was open already, its first packet
 * @param lastNanos its last packet
 * @param begun whether its beginning was captured
 * @param whole whether its beginning and its end were captured
 * @param exchanges requests with what was sent back
 * @param requestBytes of a sample of its exchanges
 * @param responseBytes of the same
 * @param thinkNanos between a response and the next request, of a sample, without the way to the client and back
 * @param closer which side closed first; absent = it was still open
 * @param how it closed
 * @param idleNanos between the last byte and that close
 * @param greeted whether the server spoke first
 * @param retransmits segments that were sent again
 * @param roundTripNanos of the handshake, from the SYN to the client's ACK; -1 = it was not seen
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Conversation(
        Segment.Endpoint server,
        long openedNanos,
        long lastNanos,
        boolean begun,
        boolean whole,
        long exchanges,
        long[] requestBytes,
        long[] responseBytes,
        long[] thinkNanos,
        @Nullable Side closer,
        How how,
        long idleNanos,
        boolean greeted,
        long retransmits,
        long roundTripNanos) {

    /** What the side that closed first did. */
    enum How {
        FIN("fin"),
        RST("rst"),
        HALF_CLOSE("half-close"),
        OPEN("open");

        private final String word;

        How(String word) {
            this.word = word;
        }

        /** As a profile writes it. */
        String word() {
            return word;
        }
    }
}
