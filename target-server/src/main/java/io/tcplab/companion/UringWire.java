package io.tcplab.companion;

import io.netty.buffer.ByteBuf;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.FastCalls;
import io.tcplab.kernel.syscall.Forks;
import io.tcplab.kernel.syscall.RingTag;
import io.tcplab.kernel.syscall.SendBuffers;
import io.tcplab.kernel.syscall.SocketOptions;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * An accepted descriptor in an io_uring. What is short is sent with the loop's next call, and what is long by one of its own. The object
 * serves one connection after another.
 */
final class UringWire extends ReadingWire {

    private static final int POLLOUT = 4;

    /** A struct linger: a close that aborts. */
    private static final MemorySegment NO_LINGER = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_INT, 1, 0);

    @SuppressWarnings("NullAway.Init") // set by serve()
    private WireConnection connection;

    private boolean polling;
    private boolean sending;
    private int output;
    private int sentBytes;

    UringWire(UringLoop loop, int slot) {
        super(loop, slot);
    }

    /** Takes a descriptor, and makes its connection. */
    WireConnection serve(int accepted, ServingLoop serving, WireConnection.Maker maker) {
        take(accepted);
        connection = maker.make(serving, this);
        return connection;
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
            queue();
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
        if (broken) {
            queue();
        } else if (awaited == Awaited.INPUT) {
            askForInput();
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
            queue();
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
        dropUnread();
        gone = true;
        freeIfOver();
    }
}
