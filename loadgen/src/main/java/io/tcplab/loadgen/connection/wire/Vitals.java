package io.tcplab.loadgen.connection.wire;

/** What the kernel knows of a connection at one moment, of what decides why it fails. Filled anew for each: an event loop has one. */
public final class Vitals {

    /** A figure that this kernel does not report. */
    public static final long ABSENT = -1;

    /** TCP_RTO_MIN, from which the interval of probes begins ({@code tcp_probe0_base}, include/net/tcp.h). */
    private static final long LEAST_PROBE_MICROS = 200_000;

    /** The kernel's own is less (tcp_retries2). */
    private static final int MOST_BACKOFF = 30;

    /** The state's number in the kernel ({@code include/net/tcp_states.h}). */
    public int state;

    /** Segments that were retransmitted so far, the SYN among them (tcpi_total_retrans). */
    public long retransmits;

    /** Bytes that the peer has acknowledged, without the SYN (tcpi_bytes_acked counts it). */
    public long acknowledgedBytes;

    /** Bytes that were sent and are not acknowledged, or not sent yet. */
    public long unacknowledgedBytes;

    /** The smoothed round-trip time (tcpi_rtt). */
    public long rttMicros;

    /** The shortest round-trip time (tcpi_min_rtt), or {@link #ABSENT} before the first. */
    public long minRttMicros;

    /** Bytes that were sent, without what was sent again. */
    public long sentBytes;

    /** Bytes that were sent again (tcpi_bytes_retrans). */
    public long retransmittedBytes;

    /** Bytes that came (tcpi_bytes_received). */
    public long receivedBytes;

    /** Segments with data that were sent (tcpi_data_segs_out, since Linux 4.6). */
    public long sentSegments;

    /** Segments with data that came (tcpi_data_segs_in, since Linux 4.6). */
    public long receivedSegments;

    /** How long data was on its way or waited to go (tcpi_busy_time, since Linux 4.9). */
    public long busyMicros;

    /** How much of that was time in which only the peer's receive window held data back (tcpi_rwnd_limited, since Linux 4.9). */
    public long windowLimitedMicros;

    /** What the kernel waits before it sends again (tcpi_rto). */
    public long retransmissionMicros;

    /** How often it has doubled that, here: the probes of a closed window since it last had a round-trip time (tcpi_backoff). */
    public int backoff;

    /** The peer's receive window in bytes (tcpi_snd_wnd, since Linux 5.4), or {@link #ABSENT}. */
    public long windowBytes;

    /**
     * Whether a peer's window that is closed now has been open since a request began, {@code requestMicros} ago: a peer that reads, but
     * slowly. A closed window is probed at twice the interval each time ({@code tcp_probe0_when}, include/net/tcp.h), so that the
     * number of probes shows for how long it can have been closed; it has been open where it has held the request back for more than
     * twice as long.
     */
    public boolean wasOpenMeanwhile(long requestMicros) {
        long interval = Math.max(retransmissionMicros, LEAST_PROBE_MICROS);
        long closedAtMost = interval * ((2L << Math.min(backoff, MOST_BACKOFF)) - 1);
        return Math.min(requestMicros, windowLimitedMicros) > 2 * closedAtMost;
    }

    /** Whether more remains than the window takes, which has held it back for most of the time: a peer that reads, but slowly. */
    public boolean isHeldBackByTheWindow() {
        return windowBytes != ABSENT && unacknowledgedBytes > windowBytes && 2 * windowLimitedMicros > busyMicros;
    }
}
