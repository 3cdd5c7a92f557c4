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
final class EpollWire extends FileDescriptor implements EpollIoHandle, Wire {

    private static final EpollIoOps INPUT =
            EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLRDHUP).with(EpollIoOps.EPOLLET);
    private static final EpollIoOps INPUT_AND_OUTPUT = INPUT.with(EpollIoOps.EPOLLOUT);
    private static final int TCP_ESTABLISHED = 1;
    private static final int TCP_SYN_SENT = 2;

    private final EpollWires wires;
    private final Connection connection;
    private @Nullable IoRegistration registration;
    private boolean awaitsOutput;
    private boolean open = true;

    EpollWire(int descriptor, EpollWires wires, Connection connection) {
        super(descriptor);
        this.wires = wires;
        this.connection = connection;
    }

    @Override
    public int connect() {
        return wires.calls().connect(intValue(), wires.target());
    }

    @Override
    public int establishedNow() {
        return wires.calls().tcpState(intValue()) == TCP_ESTABLISHED ? 1 : 0;
    }

    @Override
    public int connectResult() {
        int error = wires.calls().soError(intValue());
        return error == 0 && wires.calls().tcpState(intValue()) == TCP_SYN_SENT ? -Errno.EINPROGRESS : error;
    }

    @Override
    public int send(Buffer buffer, int length) {
        return wires.calls().send(intValue(), buffer.address(), length);
    }

    @Override
    public int receive(Buffer buffer) {
        return wires.calls().receive(intValue(), buffer.address(), buffer.size());
    }

    @Override
    public int shutdownOutput() {
        return wires.calls().shutdownOutput(intValue());
    }

    @Override
    public int linger(int seconds) {
        return wires.calls().setLinger(intValue(), seconds);
    }

    @Override
    public int rttMicros() {
        return wires.calls().lastRttMicros();
    }

    /** Closing before cancelling saves the epoll_ctl DEL: the kernel forgets a closed descriptor by itself (epoll(7)). */
    @Override
    public int release() {
        open = false;
        int result = wires.calls().close(intValue());
        deregister();
        return result;
    }

    @Override
    public LingeringClose detach() {
        deregister();
        return () -> {
            try (Arena arena = Arena.ofConfined()) {
                return new SocketCalls(arena).closeLingering(intValue());
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
                current = wires.register(this);
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

    // ---- what Netty's loop knows of the socket
    // --------------------------------------------------------------------------------------

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

    /** Does nothing: {@link #release} and {@link #detach} are the only ways to close. */
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
