package io.tcplab.loadgen.learn;

/** Takes the packets of a capture, one after the other. */
interface FrameSink {

    /**
     * A packet.
     *
     * @param nanos when it was captured, since the epoch
     * @param linkType what its first header is (tcpdump.org/linktypes.html)
     * @param bytes its beginning, at index 0; reused for the next packet
     * @param captured how many of the bytes are valid
     * @param original how long the packet was
     */
    void frame(long nanos, int linkType, byte[] bytes, int captured, long original);
}
