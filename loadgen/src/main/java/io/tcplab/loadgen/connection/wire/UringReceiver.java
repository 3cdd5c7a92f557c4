package io.tcplab.loadgen.connection.wire;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.Ring;

/**
 * A socket that an io_uring serves, as it receives: where input is expected shortly a receive is in progress, which brings the bytes
 * along, and a poll where it may take long, as nothing is to be taken from the socket then that nobody asks for. {@link LateReceives} says
 * when such a receive begins.
 */
abstract class UringReceiver extends UringSender {

    /** epoll's names are poll's. */
    private static final int INPUT = EpollPoller.EPOLLIN | EpollPoller.EPOLLRDHUP;

    private static final int OPEN = Integer.MIN_VALUE;
    private static final int NO_BUFFER = -1;
    private static final int NO_FREE_BUFFER = -Errno.ENOBUFS.number();

    /** So often a receive is late, and finds nothing, before the kernel waits for the socket. */
    private static final int MOST_LOOKS = 4;

    /** A receive is in progress, or late. */
    boolean receiving;

    boolean polling;

    /** The peer's FIN is known to have come. */
    boolean hangUp;

    /** Readiness is told until the end, as {@link #await} was called. */
    private boolean persistent;

    /** The receive has not begun. */
    private boolean late;

    /** The receive ends at once, whether or not something has come. */
    private boolean looking;

    private int looks;

    private int buffer = NO_BUFFER;
    private int bufferFrom;
    private int bufferLength;

    /** When the buffer was filled the socket had more. */
    private boolean hasMore;

    /** What the next receive finds: the peer's FIN, an errno, or {@link #OPEN}. */
    private int end = OPEN;

    UringReceiver(UringWires wires, int slot) {
        super(wires, slot);
    }

    /** Nothing has come yet, and nothing is awaited. */
    final void openInput() {
        persistent = false;
        hasMore = false;
        hangUp = false;
        end = OPEN;
    }

    @Override
    public final int receive(Buffer into) {
        if (receiving) {
            poller.collect();
        }
        int taken = 0;
        if (buffer != NO_BUFFER) {
            taken = Math.min(bufferLength, into.size());
            poller.buffers().copy(buffer, bufferFrom, into.address(), taken);
            bufferFrom += taken;
            bufferLength -= taken;
            if (bufferLength > 0 || giveBack()) {
                return taken;
            }
        } else if (end != OPEN) {
            return takeEnd();
        }
        int received = calls.receive(descriptor, into.address() + taken, into.size() - taken);
        return taken == 0 ? received : behind(taken, received);
    }

    /** Whether there is nothing more to read behind the buffer that is given back. */
    private boolean giveBack() {
        poller.buffers().giveBack(buffer);
        buffer = NO_BUFFER;
        return !hasMore || end != OPEN;
    }

    private int takeEnd() {
        int told = end;
        // The kernel, too, tells an error once, and the end from then on.
        end = 0;
        return told;
    }

    /** What the buffer held is told first, what the socket said then. */
    private int behind(int taken, int received) {
        if (received > 0) {
            return taken + received;
        } else if (received == 0) {
            end = 0;
            owner.closing();
        } else if (received != AGAIN) {
            end = received;
        }
        return taken;
    }

    private boolean hasUnread() {
        return buffer != NO_BUFFER || end != OPEN;
    }

    /** The connection is over: what it has not read goes. */
    final void dropUnread() {
        if (buffer != NO_BUFFER) {
            giveBack();
        }
    }

    @Override
    public final int peek() {
        if (receiving) {
            poller.collect();
        }
        return buffer != NO_BUFFER ? 1 : end != OPEN ? end : super.peek();
    }

    @Override
    public final boolean isAwaited() {
        return receiving || polling || isQueued();
    }

    @Override
    public final void expect() {
        if (hasUnread()) {
            queue();
        } else if (!receiving && !polling) {
            receiving = true;
            begun();
            looks = 0;
            late = poller.late().take(slot);
            if (!late) {
                ring.receive(descriptor, tag(UringTag.RECEIVE));
            }
        }
    }

    /** Begins the receive that was late, unless it was given up; {@code due} = something may have come by now. */
    final void beginLate(boolean due) {
        if (!late) {
            return;
        }
        late = false;
        looking = due;
        if (due) {
            ring.receiveIfThere(descriptor, tag(UringTag.RECEIVE));
        } else {
            if (looks > 0) {
                poller.late().ended(false);
            }
            ring.receive(descriptor, tag(UringTag.RECEIVE));
        }
    }

    /** A receive that was late has found nothing: it is so once more, or the kernel waits for the socket. */
    private void foundNothing() {
        receiving = true;
        begun();
        late = ++looks < MOST_LOOKS && poller.late().take(slot);
        if (!late) {
            poller.late().ended(false);
            ring.receive(descriptor, tag(UringTag.RECEIVE));
        }
    }

    /** Gives up a receive that is late. */
    private void dropLate() {
        if (late) {
            late = false;
            receiving = false;
            operations--;
            poller.forgot();
        }
    }

    /** Has readiness told from now on. */
    final void awaitInput() {
        persistent = true;
        if (hasUnread()) {
            queue();
        } else {
            poll();
        }
    }

    @Override
    public final void awaitAgain() {
        queue();
        persistent = true;
        poll();
    }

    /** The socket is about to be closed: what ends from now on begins nothing anew. */
    final void awaitNothing() {
        leaving = true;
        persistent = false;
        dropLate();
    }

    private void poll() {
        if (persistent && !connecting && !receiving && !polling) {
            polling = true;
            begun();
            ring.pollAlways(descriptor, INPUT, tag(UringTag.INPUT));
        }
    }

    /** A receive has ended. */
    final void received(int result, int flags) {
        if (looking) {
            looking = false;
            if (result != AGAIN) {
                poller.late().ended(true);
            }
        }
        receiving = false;
        operations--;
        boolean filled = (flags & Ring.CQE_BUFFER) != 0;
        if (filled && (gone || result <= 0)) {
            poller.buffers().giveBack(Ring.buffer(flags));
        }
        if (gone) {
            freeIfOver();
        } else if (result == AGAIN) {
            foundNothing();
        } else {
            came(result, flags);
        }
    }

    private void came(int result, int flags) {
        if (result > 0) {
            buffer = Ring.buffer(flags);
            bufferFrom = 0;
            bufferLength = result;
            hasMore = (flags & Ring.CQE_NOT_EMPTY) != 0;
        } else {
            // Without a free buffer the owner receives by a call.
            end = result == NO_FREE_BUFFER ? OPEN : result;
        }
        queue();
        poll();
    }

    /** There is something to read, or the poll has ended. */
    final void inputCame(boolean over, int result) {
        if (over) {
            polling = false;
            operations--;
        }
        if (gone) {
            freeIfOver();
        } else {
            hangUp |= result > 0 && (result & EpollPoller.EPOLLRDHUP) != 0;
            queue();
            if (over && result >= 0) {
                poll();
            }
        }
    }
}
