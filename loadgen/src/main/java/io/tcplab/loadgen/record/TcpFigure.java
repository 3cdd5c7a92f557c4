package io.tcplab.loadgen.record;

/** What the kernel knows of a connection when it closes (TCP_INFO, linux/tcp.h), as far as a run records it. */
public enum TcpFigure {
    /** Nanoseconds, smoothed (tcpi_rtt). */
    RTT("rtt"),
    /** Nanoseconds (tcpi_min_rtt). */
    MIN_RTT("minRtt"),
    /** Segments that were sent again, the SYN among them (tcpi_total_retrans). */
    RETRANSMITS("retransmits"),
    /** Bytes that were sent, without what was sent again (tcpi_bytes_sent less tcpi_bytes_retrans). */
    SENT_BYTES("sentBytes"),
    /** Bytes that were sent again (tcpi_bytes_retrans). */
    RETRANSMITTED_BYTES("retransmittedBytes"),
    /** Bytes that came (tcpi_bytes_received). */
    RECEIVED_BYTES("receivedBytes"),
    /** Segments with data that were sent (tcpi_data_segs_out). */
    SENT_SEGMENTS("sentSegments"),
    /** Segments with data that came (tcpi_data_segs_in). */
    RECEIVED_SEGMENTS("receivedSegments");

    private final String key;

    TcpFigure(String key) {
        this.key = key;
    }

    /** Its name in results. */
    public String key() {
        return key;
    }
}
