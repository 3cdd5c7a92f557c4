package io.tcplab.loadgen.connection.wire;

/** What the kernel knows of a connection at one moment, of what decides why it fails. Filled anew for each: an event loop has one. */
public final class Vitals {

    /** A figure that this kernel does not report. */
    public static final long ABSENT = -1;

    /** The state's number in the kernel ({@code include/net/tcp_states.h}). */
    public int state;

    /** Segments that were retransmitted so far, the SYN among them (tcpi_total_retrans). */
    public long retransmits;

    /** Bytes that the peer has acknowledged, without the SYN (tcpi_bytes_acked counts it). */
    public long acknowledgedBytes;

    /** Bytes that were sent and are not acknowledged, or not sent yet. */
    public long unacknowledgedBytes;

    /** The peer's receive window in bytes (tcpi_snd_wnd, since Linux 5.4), or {@link #ABSENT}. */
    public long windowBytes;
}
