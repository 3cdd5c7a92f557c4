package io.tcplab.companion;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEvent;
import io.netty.channel.IoHandler;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.channels.NotYetConnectedException;
import org.jspecify.annotations.Nullable;

/**
 * An accepted descriptor as an {@link EpollIoHandle}: added to epoll when it first has to wait, and taken out by its own close(2)
 * (epoll(7)). A Netty channel would make six more system calls per connection.
 */
final class EpollWire extends FileDescriptor implements EpollIoHandle, Wire {

    private final IoHandler epoll;
    private final WireConnection connection;
    private @Nullable IoRegistration registration;
    private boolean awaitsOutput;

    EpollWire(int descriptor, IoHandler epoll, ServingLoop loop, WireConnection.Maker maker) {
        super(descriptor);
        this.epoll = epoll;
        this.connection = maker.make(loop, this);
    }

    WireConnection connection() {
        return connection;
    }

    @Override
    public int receive(ByteBuf into) {
        try {
            return readAddress(into.memoryAddress(), 0, into.capacity());
        } catch (IOException broken) {
            return BROKEN;
        }
    }

    @Override
    public int send(ByteBuf from) {
        try {
            return writeAddress(from.memoryAddress(), from.readerIndex(), from.writerIndex());
        } catch (IOException broken) {
            return BROKEN;
        }
    }

    @Override
    public void awaitInput() {
        await(false);
    }

    @Override
    public void awaitOutput() {
        await(true);
    }

    private void await(boolean output) {
        IoRegistration current = registration;
        if (current != null && awaitsOutput == output) {
            return;
        }
        if (current == null) {
            current = EpollIo.register(epoll, this);
            registration = current;
        }
        awaitsOutput = output;
        current.submit(output ? EpollIoOps.EPOLLOUT : EpollIoOps.EPOLLIN);
    }

    @Override
    public void ignore() {
        IoRegistration current = registration;
        if (current != null) {
            registration = null;
            current.cancel();
        }
    }

    @Override
    public void shutdownOutput() {
        try {
            socket().shutdown(false, true);
        } catch (IOException | NotYetConnectedException broken) {
            // The peer has reset (ENOTCONN is NotYetConnectedException): there is nobody to send FIN to, and the next
            // read says so.
            return;
        }
    }

    /** The options' half of the descriptor; made where it is needed, since it costs a system call of its own. */
    private LinuxSocket socket() {
        return LinuxSocket.newSocket(intValue());
    }

    /** Also called by the event loop when it ends. Closing first saves the EPOLL_CTL_DEL. */
    @Override
    public void close() {
        try {
            super.close();
        } catch (IOException broken) {
            // The descriptor is gone all the same (close(2)).
        }
        ignore();
    }

    @Override
    public void reset() {
        linger(0);
        close();
    }

    private void linger(int seconds) {
        try {
            socket().setSoLinger(seconds);
        } catch (IOException broken) {
            // EINVAL after a reset: the connection is gone, and with it what the option was for.
            return;
        }
    }

    @Override
    public BlockingClose closeLingering(int seconds) {
        linger(seconds);
        // Out of epoll first: the descriptor's number is free for others as soon as close(2) has begun.
        ignore();
        return new BlockingClose() {
            @Override
            public void run() throws IOException {
                EpollWire.super.close();
            }

            @Override
            public void send(ByteBuf last) {
                int _ = EpollWire.this.send(last);
            }
        };
    }

    @Override
    public FileDescriptor fd() {
        return this;
    }

    @Override
    public void handle(IoRegistration source, IoEvent event) {
        connection.ready();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
