package io.tcplab.loadgen.plan;

/**
 * How a connection is to end.
 *
 * @param by the side that closes first
 * @param how what that side does
 * @param lingerSeconds the SO_LINGER time, only used by {@link How#LINGER}
 * @param awaitPeer whether a client that closes by FIN waits for the peer's FIN before it gives the descriptor back; without it
 *     {@code close(2)} is called at once, the kernel finishes the handshake alone, and no teardown latency exists
 */
public record Close(By by, How how, int lingerSeconds, boolean awaitPeer) {

    /** The side that closes first. */
    public enum By {
        CLIENT,
        SERVER
    }

    /** What the closing side does. */
    public enum How {
        /** An orderly close: our FIN after the last response, then the peer's. */
        FIN,
        /** SO_LINGER {1,0} and close(2): RST, no TIME_WAIT on either side (socket(7)). */
        RST,
        /** FIN right after the last request; the response is read from a connection that can no longer send (RFC 9293 §3.6). */
        HALF_CLOSE,
        /** SO_LINGER {1,N} and close(2): waits up to N seconds until the peer has acknowledged everything (socket(7)). */
        LINGER,
        /** Never closed by that side: a leak, on purpose. */
        ABANDON
    }

    public static final Close CLIENT_FIN = new Close(By.CLIENT, How.FIN, 0, true);
}
