package io.tcplab.companion;

import io.netty.buffer.ByteBuf;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.FastCalls;
import io.tcplab.kernel.syscall.Forks;
import io.tcplab.kernel.syscall.Ring;
import io.tcplab.kernel.syscall.RingTag;
import io.tcplab.kernel.syscall.SendBuffers;
import io.tcplab.kernel.syscall.SocketOptions;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * An accepted descriptor in an io_uring. Where input is awaited a receive is in progress, which brings the bytes along; what is short is
 * sent with the loop's next call, and what is long by one of its own. The object serves one connection after another.
 */
final class UringWire implements Wire {

    private static final int POLLOUT = 4;
    private static final int NO_BUFFER = -1;
    private static final int AGAIN = -Errno.EAGAIN.number();
    private static final int NO_FREE_BUFFER = -Errno.ENOBUFS.number();

    /** A struct linger: a close that aborts. */
    private static final MemorySegment NO_LINGER = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_INT, 1, 0);

    private enum Awaited {
        NOTHING,
        INPUT,
        OUTPUT
    }

    final int slot;

    private final UringLoop loop;

    @SuppressWarnings("NullAway.Init") // set by serve()
    private WireConnection connection;

    private int descriptor;
    private Awaited awaited = Awaited.NOTHING;

    /** How many operations are not over. */
    private int operations;

    private boolean receiving;
    private boolean polling;
    private boolean sending;
    private int output;
    private int sentBytes;

    private int buffer = NO_BUFFER;
    private int bufferLength;

    /** The socket may hold more than what the buffer has. */
    private boolean hasMore;

    /** {@link Wire#END} or {@link Wire#BROKEN} behind what the buffer has; {@link Wire#NOTHING} = open. */
    private int end;

    /** Nothing was received yet: a request may have come with the connection. */
    private boolean fresh;

    /** A send has failed after it was taken. */
    private boolean broken;

    /** The descriptor is closed, or somebody else's. */
    private boolean gone;

    UringWire(UringLoop loop, int slot) {
        this.loop = loop;
        this.slot = slot;
    }

    /** Takes a descriptor, and makes its connection. */
    WireConnection serve(int accepted, ServingLoop serving, WireConnection.Maker maker) {
        descriptor = accepted;
        awaited = Awaited.NOTHING;
        hasMore = false;
        end = NOTHING;
        fresh = true;
        broken = false;
        gone = false;
        connection = maker.make(serving, this);
        return connection;
    }

    private long tag(int kind) {
        return RingTag.of(kind, slot);
    }

    @Override
    public int receive(ByteBuf into) {
        if (broken) {
            return BROKEN;
        }
        int taken = 0;
        if (buffer != NO_BUFFER) {
            taken = bufferLength;
            loop.buffers.copy(buffer, 0, into.memoryAddress(), taken);
            giveBack();
        }
        if (hasMore && end == NOTHING) {
            taken += receiveMore(into.memoryAddress() + taken, into.capacity() - taken);
        }
        return taken > 0 ? taken : end;
    }

    private void giveBack() {
        loop.buffers.giveBack(buffer);
        buffer = NO_BUFFER;
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

    /** A receive has ended. */
    void received(int result, int flags) {
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
            loop.ready.add(slot);
        }
    }

    @Override
    public int send(ByteBuf from) {
        int length = from.readableBytes();
        long address = from.memoryAddress() + from.readerIndex();
        if (sending) {
            loop.flush();
        }
        if (broken) {
            return BROKEN;
        } else if (sending) {
            return NOTHING;
        }
        output = length <= SendBuffers.SIZE ? loop.outputs.fill(address, length) : SendBuffers.NONE;
        if (output == SendBuffers.NONE) {
            int sent = loop.calls.send(descriptor, address, length);
            return sent >= 0 ? sent : sent == AGAIN ? NOTHING : BROKEN;
        }
        sending = true;
        sentBytes = length;
        operations++;
        loop.ring.send(descriptor, loop.outputs.address(output), length, tag(UringLoop.SEND));
        return length;
    }

    /** A send that was staged has ended. */
    void sent(int result) {
        sending = false;
        operations--;
        loop.outputs.giveBack(output);
        if (gone) {
            freeIfOver();
        } else if (result < sentBytes) {
            broken = true;
            loop.ready.add(slot);
        }
    }

    @Override
    public void awaitInput() {
        awaited = Awaited.INPUT;
        go();
    }

    @Override
    public void awaitOutput() {
        awaited = Awaited.OUTPUT;
        go();
    }

    /** Asks the kernel for what is awaited, unless it is there already. */
    private void go() {
        boolean input = awaited == Awaited.INPUT;
        if (broken || (input && (buffer != NO_BUFFER || hasMore || end != NOTHING))) {
            loop.ready.add(slot);
        } else if (input && !receiving) {
            receiving = true;
            operations++;
            if (fresh) {
                fresh = false;
                loop.ring.receiveAtOnce(descriptor, tag(UringLoop.RECEIVE));
            } else {
                loop.ring.receive(descriptor, tag(UringLoop.RECEIVE));
            }
        } else if (awaited == Awaited.OUTPUT && !polling) {
            polling = true;
            operations++;
            loop.ring.poll(descriptor, POLLOUT, tag(UringLoop.OUTPUT));
        }
    }

    /** Something can be sent, or the connection is broken. */
    void outputCame() {
        polling = false;
        operations--;
        if (gone) {
            freeIfOver();
        } else if (awaited == Awaited.OUTPUT) {
            loop.ready.add(slot);
        }
    }

    /** Tells the connection; level-triggered: what it leaves is told again. */
    void tell() {
        if (gone) {
            freeIfOver();
            return;
        }
        if (awaited != Awaited.NOTHING) {
            connection.ready();
        }
        if (!gone && awaited != Awaited.NOTHING) {
            go();
        }
    }

    @Override
    public void ignore() {
        awaited = Awaited.NOTHING;
        cancel();
    }

    private void cancel() {
        if (receiving) {
            loop.ring.cancel(tag(UringLoop.RECEIVE), RingTag.of(UringLoop.REST, 0));
        }
        if (polling) {
            loop.ring.cancel(tag(UringLoop.OUTPUT), RingTag.of(UringLoop.REST, 0));
        }
    }

    @Override
    public void shutdownOutput() {
        if (sending) {
            loop.flush();
        }
        // Refused where the peer has reset: there is nobody to send FIN to, and the next read says so.
        int _ = loop.calls.shutdownOutput(descriptor);
    }

    @Override
    public void close() {
        if (!gone) {
            cancel();
            loop.ring.close(descriptor, RingTag.of(UringLoop.REST, 0));
            leave();
        }
    }

    @Override
    public void reset() {
        if (!gone) {
            loop.ring.setOption(
                    descriptor,
                    SocketOptions.SOL_SOCKET,
                    SocketOptions.SO_LINGER,
                    NO_LINGER,
                    RingTag.of(UringLoop.REST, 0));
            close();
        }
    }

    @Override
    public BlockingClose closeLingering(int seconds) {
        // Refused after a reset: the connection is gone, and with it what the option was for.
        int _ = loop.calls.setLinger(descriptor, seconds);
        int left = descriptor;
        // An operation in progress holds the socket open: the close would not be the last one, and would not wait.
        cancel();
        loop.flush();
        leave();
        return new Lingering(left);
    }

    /** Made with calls of its own, as it is another thread's. */
    private record Lingering(int descriptor) implements BlockingClose {

        @Override
        public void run() throws IOException {
            int result = Forks.close(descriptor);
            if (result < 0) {
                throw new IOException("close: " + Errno.ofResult(result));
            }
        }

        @Override
        public void send(ByteBuf last) {
            int _ = new FastCalls().send(descriptor, last.memoryAddress() + last.readerIndex(), last.readableBytes());
        }
    }

    /** The connection is over; the object is free when the kernel has said the last about it. */
    private void leave() {
        awaited = Awaited.NOTHING;
        if (buffer != NO_BUFFER) {
            giveBack();
        }
        gone = true;
        freeIfOver();
    }

    private void freeIfOver() {
        if (gone && operations == 0 && !loop.ready.contains(slot)) {
            loop.slots.giveBack(slot);
        }
    }
}
