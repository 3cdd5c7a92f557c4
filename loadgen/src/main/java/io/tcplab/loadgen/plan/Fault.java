package io.tcplab.loadgen.plan;

/**
 * A time in which the network fails on purpose: what is dropped on the server's side of the cable, only with isolation in namespaces.
 *
 * @param drop which segments
 * @param fromNanos since the recorded part began; 0 = from the outset, warm-up included
 * @param untilNanos likewise; {@link #NEVER} = to the end of the run
 */
public record Fault(Drop drop, long fromNanos, long untilNanos) {

    public static final long NEVER = Long.MAX_VALUE;

    /** Which segments do not arrive. */
    public enum Drop {
        /** The client's acknowledgements without data, such as the last step of a handshake. */
        ACKS,
        /** All of both directions: the peer has vanished. */
        EVERYTHING
    }
}
