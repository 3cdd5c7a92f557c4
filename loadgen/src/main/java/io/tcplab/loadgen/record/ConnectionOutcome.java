package io.tcplab.loadgen.record;

import io.tcplab.kernel.syscall.Errno;

/** How a started connection ended: exactly one for each. */
public enum ConnectionOutcome {
    /** It ended as planned; an RST that the plan asked for is a completion. */
    COMPLETED("completed", "ended as planned"),
    /** ECONNREFUSED: nobody listens there, or the listener resets. */
    REFUSED("refused", "connect failed with ECONNREFUSED"),
    /** The handshake was not complete within the connect timeout, or the kernel gave up first (ETIMEDOUT). */
    TIMED_OUT("timedOut", "no handshake within the connect timeout"),
    /** EADDRNOTAVAIL or EADDRINUSE: no free 4-tuple is left for this source and destination. */
    NO_LOCAL_PORT("noLocalPort", "no local port was left (EADDRNOTAVAIL)"),
    /** EMFILE or ENFILE: no file descriptor is left. */
    NO_DESCRIPTOR("noDescriptor", "no file descriptor was left (EMFILE)"),
    /** ENETUNREACH, EHOSTUNREACH, EACCES, EPERM: no way there. */
    UNREACHABLE("unreachable", "no route, or not permitted"),
    /** The handshake of TLS failed, or TLS broke later: an alert, a refused certificate, no TLS at all. */
    TLS_FAILED("tlsFailed", "TLS failed"),
    /** ECONNRESET or EPIPE where the plan did not ask for a reset. */
    RESET("reset", "the peer reset the connection"),
    /** The peer's FIN came before the exchanges were over. */
    CLOSED_EARLY("closedEarly", "the peer closed before the exchanges were complete"),
    /** A response was not complete within the exchange timeout. */
    EXCHANGE_TIMED_OUT("exchangeTimedOut", "a response did not arrive in time"),
    /** The peer's part of the close did not come within the close timeout. */
    CLOSE_TIMED_OUT("closeTimedOut", "the peer did not close in time"),
    /** The response was not what the request asked for. */
    CORRUPTED("corrupted", "the response did not match the request"),
    /** The socket was its own peer: nobody listened, and it met its own SYN (RFC 9293 §3.5, simultaneous open). */
    SELF_CONNECTED("selfConnected", "the socket connected to itself"),
    /** Another error of a system call; the distinct causes are listed with their counts. */
    FAILED("failed", "another system call failed"),
    /** Still open when the run ended, or abandoned on purpose. */
    OPEN_AT_END("openAtEnd", "still open when the run ended");

    private final String key;
    private final String sentence;

    ConnectionOutcome(String key, String sentence) {
        this.key = key;
        this.sentence = sentence;
    }

    /** The outcome of a connection that a system call ended with {@code errno}. */
    public static ConnectionOutcome of(Errno errno) {
        return switch (errno) {
            case ECONNREFUSED -> REFUSED;
            case ETIMEDOUT -> TIMED_OUT;
            case EADDRNOTAVAIL, EADDRINUSE, EAGAIN -> NO_LOCAL_PORT;
            case EMFILE, ENFILE -> NO_DESCRIPTOR;
            case ENETUNREACH, EHOSTUNREACH, EPERM, EACCES -> UNREACHABLE;
            case ECONNRESET, EPIPE -> RESET;
            default -> FAILED;
        };
    }

    /** The name in {@code summary.json}. */
    public String key() {
        return key;
    }

    /** What it means, in a few words. */
    public String sentence() {
        return sentence;
    }

    /** Whether it counts into {@code errors.rate}. */
    public boolean isError() {
        return this != COMPLETED && this != OPEN_AT_END;
    }
}
