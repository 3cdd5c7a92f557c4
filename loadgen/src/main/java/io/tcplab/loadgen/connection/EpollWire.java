package io.tcplab.loadgen.connection;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/**
 * A socket with only the system calls that its connection needs. It becomes an {@link EpollIoHandle} of Netty's own event loop, and
 * is added to epoll, when it first has to wait; edge-triggered, so that nothing is ever modified but for output.
 */
final class EpollWire implements Wire {

    private static final EpollIoOps INPUT =
            EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLRDHUP).with(EpollIoOps.EPOLLET);
    private static final EpollIoOps INPUT_AND_OUTPUT = INPUT.with(EpollIoOps.EPOLLOUT);
    private static final int TCP_ESTABLISHED = 1;
    private static final int TCP_SYN_SENT = 2;

    private final int descriptor;
    private final EpollWires wires;
    private final Connection connection;
    private @Nullable IoRegistration registration;
    private boolean awaitsOutput;
    private boolean open = true;

    EpollWire(int descriptor, EpollWires wires, Connection connection) {
        this.descriptor = descriptor;
        this.wires = wires;
        this.connection = connection;
    }

    @Override
    public int connect() {
        return wires.calls().connect(descriptor, wires.target());
    }

    @Override
    public int establishedNow() {
        return wires.calls().tcpState(descriptor) == TCP_ESTABLISHED ? 1 : 0;
    }

    @Override
    public int connectResult() {
        int error = wires.calls().soError(descriptor);
        return error == 0 && wires.calls().tcpState(descriptor) == TCP_SYN_SENT ? -Errno.EINPROGRESS : error;
    }

    @Override
    public int send(Buffer buffer, int length) {
        return wires.calls().send(descriptor, buffer.address(), length);
    }

    @Override
    public int receive(Buffer buffer) {
        return wires.calls().receive(descriptor, buffer.address(), buffer.size());
    }

    @Override
    public int shutdownOutput() {
        return wires.calls().shutdownOutput(descriptor);
    }

    @Override
    public int linger(int seconds) {
        return wires.calls().setLinger(descriptor, seconds);
    }

    @Override
    public int rttMicros() {
        return wires.calls().lastRttMicros();
    }

    /** Closing before cancelling saves the epoll_ctl DEL: the kernel forgets a closed descriptor by itself (epoll(7)). */
    @Override
    public int release() {
        open = false;
        int result = wires.calls().close(descriptor);
        deregister();
        return result;
    }

    @Override
    public LingeringClose detach() {
        deregister();
        return () -> {
            try (Arena arena = Arena.ofConfined()) {
                return new SocketCalls(arena).closeLingering(descriptor);
            }
        };
    }

    private void deregister() {
        IoRegistration current = registration;
        if (current != null) {
            registration = null;
            wires.cancel(current);
        }
    }

    @Override
    public void await(boolean output) {
        IoRegistration current = registration;
        if (current == null) {
            try {
                current = wires.register(new Handle());
            } catch (Exception e) {
                throw new UncheckedIOException(new IOException("cannot register with epoll", e));
            }
            registration = current;
        } else if (awaitsOutput || !output) {
            return;
        }
        awaitsOutput = output;
        current.submit(output ? INPUT_AND_OUTPUT : INPUT);
    }

    @Override
    public void awaitAgain() {
        IoRegistration current = registration;
        if (current == null) {
            await(false);
        } else {
            current.submit(awaitsOutput ? INPUT_AND_OUTPUT : INPUT);
        }
    }

    /** What Netty's loop knows of the socket. */
    private final class Handle extends FileDescriptor implements EpollIoHandle {

        Handle() {
            super(descriptor);
        }

        @Override
        public FileDescriptor fd() {
            return this;
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void handle(IoRegistration ours, IoEvent event) {
            connection.ready(((EpollIoEvent) event).ops().contains(EpollIoOps.EPOLLRDHUP));
        }

        /** The socket is closed by its wire alone. */
        @Override
        public void close() {}

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }
}
