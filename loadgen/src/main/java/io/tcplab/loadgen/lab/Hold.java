package io.tcplab.loadgen.lab;

import io.tcplab.kernel.namespace.DroppedSegments;

/** Segments that are withheld from a host until they are released. */
public interface Hold extends AutoCloseable {
    /** Lets them through again; what was dropped stays dropped until it is sent again. */
    @Override
    void close();

    /** nft's words for the segments that experiments withhold. */
    enum Match {
        /** Every TCP segment. */
        ALL(DroppedSegments.EVERY_SEGMENT),
        /** The first segment of a handshake. */
        SYN("tcp flags & (syn|ack) == syn"),
        /** The second segment of a handshake. */
        SYN_ACK("tcp flags & (syn|ack) == syn|ack"),
        /** Acknowledgements and nothing else; the third segment of a handshake is one. */
        PURE_ACK(DroppedSegments.PURE_ACKS),
        /** Every segment with a FIN. */
        FIN("tcp flags & fin == fin"),
        /** Every reset. */
        RST("tcp flags & rst == rst");

        private final String words;

        Match(String words) {
            this.words = words;
        }

        /** As nft(8) takes them. */
        public String words() {
            return words;
        }
    }
}
