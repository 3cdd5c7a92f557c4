package io.tcplab.loadgen.connection.wire;

import io.tcplab.kernel.syscall.ReadySlots;

/**
 * The sockets whose input is expected shortly, and whose receive begins only when the loop has had time for one more connection since they
 * asked for it. By then a peer that is near has mostly answered, and the receive ends at once. Begun earlier, it would have the kernel
 * wait for the socket, be woken, and end that wait: several times the work of the receive itself. Confined to one event loop.
 */
final class LateReceives {

    private final ReadySlots waiting = new ReadySlots();
    private final Lookahead lookahead = new Lookahead();

    /** Of so many of the oldest, what they had to send has gone out. */
    private int sent;

    private int due;

    /** Takes a socket; or returns false where late receives have found little recently: then its receive is to begin now. */
    boolean take(int slot) {
        if (!lookahead.worthLooking()) {
            return false;
        }
        waiting.add(slot);
        return true;
    }

    /** How many there are, and may be taken by {@link #takeFirst}. */
    int count() {
        return waiting.count();
    }

    /** How many of the oldest have waited long enough. */
    int due() {
        return due;
    }

    int takeFirst() {
        sent = Math.max(0, sent - 1);
        due = Math.max(0, due - 1);
        return waiting.takeFirst();
    }

    /** What all that are there had to send has gone out. */
    void sent() {
        sent = waiting.count();
    }

    /** Other connections begin now, while peers answer what has gone out. */
    void turnEnds() {
        due = sent;
    }

    /** A receive that was late has found something, or the kernel is to wait for the socket. */
    void ended(boolean found) {
        lookahead.looked(found);
    }
}
