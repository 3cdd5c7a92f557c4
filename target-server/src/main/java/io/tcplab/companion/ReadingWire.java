package io.tcplab.companion;

import io.netty.buffer.ByteBuf;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.Ring;
import io.tcplab.kernel.syscall.RingTag;

/**
 * An accepted descriptor in an io_uring, as it is read: where input is awaited a receive is in progress, which brings the bytes along. It
 * counts its operations: until the kernel has said the last about each, the object is not free for another connection.
 */
abstract class ReadingWire implements Wire {

    static final int AGAIN = -Errno.EAGAIN.number();

    private static final int NO_BUFFER = -1;
    private static final int NO_FREE_BUFFER = -Errno.ENOBUFS.number();

    /** What the connection is told of. */
    enum Awaited {
        NOTHING,
        INPUT,
        OUTPUT
    }

    final int slot;
    final UringLoop loop;

    int descriptor;
    Awaited awaited = Awaited.NOTHING;

    /** How many operations are not over. */
    int operations;

    boolean receiving;

    /** A send has failed after it was taken. */
    boolean broken;

    /** The descriptor is closed, or somebody else's. */
    boolean gone;

    private int buffer = NO_BUFFER;
    private int bufferLength;

    /** The socket may hold more than what the buffer has. */
    private boolean hasMore;

    /** {@link Wire#END} or {@link Wire#BROKEN} behind what the buffer has; {@link Wire#NOTHING} = open. */
    private int end;

    /** Nothing was received yet: a request may have come with the connection. */
    private boolean fresh;

    ReadingWire(UringLoop loop, int slot) {
        this.loop = loop;
        this.slot = slot;
    }

    /** Takes another connection's descriptor. */
    final void take(int accepted) {
        descriptor = accepted;
        awaited = Awaited.NOTHING;
        hasMore = false;
        end = NOTHING;
        fresh = true;
        broken = false;
        gone = false;
    }

    final long tag(int kind) {
        return RingTag.of(kind, slot);
    }

    /** Has the connection told in the next turn, or in this one. */
    final void queue() {
        loop.ready.add(slot);
    }

    @Override
    public final int receive(ByteBuf into) {
        if (broken) {
            return BROKEN;
        }
        int taken = 0;
        if (buffer != NO_BUFFER) {
            taken = bufferLength;
            loop.buffers.copy(buffer, 0, into.memoryAddress(), taken);
            dropUnread();
        }
        if (hasMore && end == NOTHING) {
            taken += receiveMore(into.memoryAddress() + taken, into.capacity() - taken);
        }
        return taken > 0 ? taken : end;
    }

    private int receiveMore(long address, int room) {
        int received = loop.calls.receive(descriptor, address, room);
        hasMore = received == room;
        if (received > 0) {
            return received;
        }
        end = received == 0 ? END : received == AGAIN ? NOTHING : BROKEN;
        return 0;
    }

    /** The kernel may fill the buffer anew, if there is one. */
    final void dropUnread() {
        if (buffer != NO_BUFFER) {
            loop.buffers.giveBack(buffer);
            buffer = NO_BUFFER;
        }
    }

    /** Asks the kernel for input, unless there is some already. */
    final void askForInput() {
        if (buffer != NO_BUFFER || hasMore || end != NOTHING) {
            queue();
        } else if (!receiving) {
            receiving = true;
            operations++;
            if (fresh) {
                fresh = false;
                loop.ring.receiveAtOnce(descriptor, tag(UringLoop.RECEIVE));
            } else {
                loop.ring.receive(descriptor, tag(UringLoop.RECEIVE));
            }
        }
    }

    /** A receive has ended. */
    final void received(int result, int flags) {
        receiving = false;
        operations--;
        boolean filled = (flags & Ring.CQE_BUFFER) != 0;
        if (gone || result <= 0) {
            if (filled) {
                loop.buffers.giveBack(Ring.buffer(flags));
            }
        } else {
            buffer = Ring.buffer(flags);
            bufferLength = result;
        }
        if (gone) {
            freeIfOver();
            return;
        }
        hasMore = (flags & Ring.CQE_NOT_EMPTY) != 0 || result == NO_FREE_BUFFER;
        if (result == 0) {
            end = END;
        } else if (result < 0 && result != NO_FREE_BUFFER) {
            end = BROKEN;
        }
        if (awaited == Awaited.INPUT) {
            queue();
        }
    }

    /** Gives the object back where the connection is over and nothing is in progress. */
    final void freeIfOver() {
        if (gone && operations == 0 && !loop.ready.contains(slot)) {
            loop.slots.giveBack(slot);
        }
    }
}
