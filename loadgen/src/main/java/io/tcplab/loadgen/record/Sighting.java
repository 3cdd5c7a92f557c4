package io.tcplab.loadgen.record;

import io.tcplab.kernel.syscall.Errno;

/** A cause as it was seen on one connection, with the evidence. Filled anew for each: an event loop has one. */
public final class Sighting {

    /** A figure that is not known. */
    public static final long UNKNOWN = -1;

    public Incident incident = Incident.CALL_FAILED;
    public String call = "";
    public Errno errno = Errno.OK;
    public Phase phase = Phase.ENDED;
    public int status;

    /** How long nothing was in progress, before it came or before the request that met it; {@link #UNKNOWN} without a pause. */
    public long idleMicros = UNKNOWN;

    /** How long the connection had been established; {@link #UNKNOWN} where it was not. */
    public long ageMicros = UNKNOWN;

    /** Requests that were answered before; {@link #UNKNOWN}, as the bytes are, before the connection is established. */
    public long exchanges;

    /** Bytes of the request in progress that were handed over. */
    public long sentBytes;

    /** Of all bytes of the connection, those that the peer has acknowledged (tcpi_bytes_acked, without the SYN). */
    public long acknowledgedBytes = UNKNOWN;

    /** Bytes of the response in progress. */
    public long receivedBytes;

    boolean is(Cause cause) {
        return cause.incident() == incident
                && cause.errno() == errno
                && cause.phase() == phase
                && cause.status() == status
                && cause.call().equals(call);
    }

    Cause cause() {
        return new Cause(incident, call, errno, phase, status);
    }
}
