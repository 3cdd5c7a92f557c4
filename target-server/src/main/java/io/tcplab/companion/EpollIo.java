package io.tcplab.companion;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandler;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Waits with epoll(7), by Netty's handler. */
record EpollIo(IoHandler handler) implements LoopIo {

    @Override
    public WireConnection connection(int descriptor, ServingLoop loop, WireConnection.Maker maker) {
        return new EpollWire(descriptor, handler, loop, maker).connection();
    }

    @Override
    public Arrivals arrivals(LinuxSocket listener) {
        return new Listened(listener, handler);
    }

    /** Adds a descriptor to epoll. */
    static IoRegistration register(IoHandler epoll, EpollIoHandle handle) {
        try {
            return epoll.register(handle);
        } catch (Exception refused) {
            throw new UncheckedIOException(new IOException("epoll_ctl", refused));
        }
    }

    /** A listening descriptor in epoll. */
    private static final class Listened implements EpollIoHandle, Arrivals {
        private final LinuxSocket listener;
        private final IoHandler epoll;
        private @Nullable IoRegistration registration;
        private @Nullable Acceptor acceptor;

        Listened(LinuxSocket listener, IoHandler epoll) {
            this.listener = listener;
            this.epoll = epoll;
        }

        @Override
        public void await(Acceptor to, boolean freely) {
            if (registration != null) {
                return;
            }
            acceptor = to;
            registration = register(epoll, this);
            registration.submit(EpollIoOps.EPOLLIN);
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
        public FileDescriptor fd() {
            return listener;
        }

        @Override
        public void handle(IoRegistration source, IoEvent event) {
            if (acceptor != null) {
                acceptor.acceptable();
            }
        }

        /** Called by the event loop when it ends. */
        @Override
        public void close() {
            ignore();
            try {
                listener.close();
            } catch (IOException broken) {
                // The descriptor is gone all the same (close(2)).
                return;
            }
        }
    }
}
