package io.tcplab.companion;

import org.jspecify.annotations.Nullable;

/** An accepted connection in its event loop's list: who is counted for its end. Used by that loop alone. */
abstract class ServedConnection {

    final ServingLoop loop;
    final LoopCounters counters;

    // The list of the loop's connections.
    @Nullable
    ServedConnection previous;

    @Nullable
    ServedConnection next;

    private boolean peerFinished;
    private boolean broken;
    private boolean over;
    private boolean gone;

    ServedConnection(ServingLoop loop) {
        this.loop = loop;
        this.counters = loop.counters;
    }

    /** Closes now when idle, else when the exchange is done; what is over already stays as it is. */
    abstract void finish();

    /** Gives the descriptor back at once, whatever is in progress. */
    abstract void closeDescriptor();

    /** Whether nothing more is to be taken or sent: we have begun to end the connection, or it broke. */
    final boolean over() {
        return over;
    }

    /** We have begun to end the connection; counted as ours unless the peer's FIN came before. */
    final void over(Counter how) {
        over = true;
        if (!peerFinished || how == Counter.CLOSED_RST || how == Counter.ABANDONED) {
            counters.increment(how);
        }
    }

    /** The peer's FIN has come; counted as the first unless we have acted before. */
    final void peerFinished() {
        if (!over && !peerFinished) {
            peerFinished = true;
            counters.increment(Counter.PEER_CLOSED_FIRST);
        }
    }

    /** The peer's RST has come. */
    final void broken() {
        over = true;
        if (!broken) {
            broken = true;
            counters.increment(Counter.RESETS_SEEN);
        }
    }

    /** Gives back what the connection holds apart from its descriptor. */
    void discard() {}

    /** The descriptor is closed. */
    final void gone() {
        over = true;
        if (!gone) {
            gone = true;
            discard();
            loop.remove(this);
        }
    }
}
