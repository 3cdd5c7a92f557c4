package io.tcplab.loadgen.plan;

import io.tcplab.companion.protocol.CloseStyle;
import io.tcplab.kernel.Side;

/**
 * How a connection is to end.
 *
 * @param by the side that closes first
 * @param how what that side does
 * @param lingerSeconds the SO_LINGER time, only used by {@link CloseStyle#LINGER}
 * @param awaitPeer whether a client that closes by FIN waits for the peer's FIN before it gives the descriptor back; without it
 *     {@code close(2)} is called at once, the kernel finishes the handshake alone, and no teardown latency exists
 */
public record Close(Side by, CloseStyle how, int lingerSeconds, boolean awaitPeer) {

    public static final Close CLIENT_FIN = new Close(Side.CLIENT, CloseStyle.FIN, 0, true);

    /** Whether this side of such a connection ends in TIME_WAIT: the side that closes first, by FIN (RFC 9293 §3.6.1). */
    public boolean leavesTimeWait(Side side) {
        return by == side
                && switch (how) {
                    case FIN, HALF_CLOSE, LINGER -> true;
                    case RST, ABANDON -> false;
                };
    }
}
