package io.tcplab.kernel.cable;

/** What a TCP segment is, each exactly one: RST before SYN before FIN before data before a pure ACK (RFC 9293 §3.1). */
public enum SegmentKind {
    SYN,
    SYN_ACK,
    /** Neither data nor any flag but ACK and those that say nothing about the connection's life. */
    ACK,
    /** With or without data. */
    FIN,
    RST,
    /** Data without FIN. */
    DATA,
    /**
     * Of the pure ACKs the one that acknowledges the second FIN of a connection, which ends LAST_ACK at the other side. Counted as
     * {@link #ACK}; a name for what is to be lost.
     */
    LAST_ACK;

    private static final int FIN_BIT = 1;
    private static final int SYN_BIT = 2;
    private static final int RST_BIT = 4;
    private static final int ACK_BIT = 16;

    /** The kind by the header's flags and the length of the payload; never {@link #LAST_ACK}. */
    static SegmentKind of(int flags, int payload) {
        if ((flags & RST_BIT) != 0) {
            return RST;
        }
        if ((flags & SYN_BIT) != 0) {
            return (flags & ACK_BIT) == 0 ? SYN : SYN_ACK;
        }
        if ((flags & FIN_BIT) != 0) {
            return FIN;
        }
        return payload > 0 ? DATA : ACK;
    }
}
