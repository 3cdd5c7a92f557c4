package io.tcplab.companion;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandler;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A listening descriptor in epoll. Accepted sockets inherit its options (tcp(7), accept(2)), so that none is set on each of them. */
final class EpollListener implements ListeningSocket, EpollIoHandle {

    private static final int IPPROTO_TCP = 6;
    private static final int TCP_DEFER_ACCEPT = 9;
    private static final int TCP_FASTOPEN = 23;
    /** Netty writes the peer's address there: a length, then at most an IPv6 address, its scope and the port. */
    private static final int ADDRESS_BYTES = 25;

    private final LinuxSocket socket;
    private final IoHandler epoll;
    private final byte[] peer = new byte[ADDRESS_BYTES];
    private @Nullable IoRegistration registration;
    private @Nullable Acceptor acceptor;

    private EpollListener(LinuxSocket socket, IoHandler epoll) {
        this.socket = socket;
        this.epoll = epoll;
    }

    /** Binds and listens, with a socket of the address's own family, so that the kernel's tables show IPv4 as IPv4. */
    static EpollListener open(InetSocketAddress address, CompanionSettings settings, IoHandler epoll)
            throws IOException {
        LinuxSocket socket = LinuxSocket.newSocketStream(address.getAddress() instanceof Inet6Address);
        try {
            socket.setReuseAddress(true);
            if (settings.nodelay()) {
                socket.setTcpNoDelay(true);
            }
            if (settings.receiveBufferBytes() > 0) {
                socket.setReceiveBufferSize(settings.receiveBufferBytes());
            }
            if (settings.sendBufferBytes() > 0) {
                socket.setSendBufferSize(settings.sendBufferBytes());
            }
            if (settings.deferAcceptSeconds() > 0) {
                socket.setIntOpt(IPPROTO_TCP, TCP_DEFER_ACCEPT, settings.deferAcceptSeconds());
            }
            if (settings.fastOpenQueue() > 0) {
                socket.setIntOpt(IPPROTO_TCP, TCP_FASTOPEN, settings.fastOpenQueue());
            }
            socket.bind(address);
            socket.listen(settings.backlog());
            return new EpollListener(socket, epoll);
        } catch (IOException refused) {
            socket.close();
            throw refused;
        }
    }

    @Override
    public @Nullable Accepted accept() throws IOException {
        int descriptor = socket.accept(peer);
        return descriptor < 0 ? null : new EpollAccepted(descriptor);
    }

    private record EpollAccepted(int descriptor) implements Accepted {
        @Override
        public WireConnection onWire(ServingLoop loop, WireConnection.Maker maker) {
            return new EpollWire(descriptor, loop, maker).connection();
        }

        @Override
        public SocketChannel asChannel() {
            return new EpollSocketChannel(descriptor);
        }
    }

    @Override
    public void awaitConnections(Acceptor told) {
        if (registration != null || !socket.isOpen()) {
            return;
        }
        acceptor = told;
        try {
            registration = epoll.register(this);
        } catch (Exception refused) {
            throw new UncheckedIOException(new IOException("epoll_ctl", refused));
        }
        registration.submit(EpollIoOps.EPOLLIN);
    }

    @Override
    public void ignoreConnections() {
        IoRegistration current = registration;
        if (current != null) {
            registration = null;
            current.cancel();
        }
    }

    @Override
    public InetSocketAddress address() {
        return socket.localAddress();
    }

    @Override
    public void close() {
        ignoreConnections();
        try {
            socket.close();
        } catch (IOException broken) {
            // The descriptor is gone all the same (close(2)).
            return;
        }
    }

    @Override
    public FileDescriptor fd() {
        return socket;
    }

    @Override
    public void handle(IoRegistration source, IoEvent event) {
        if (acceptor != null) {
            acceptor.acceptable();
        }
    }
}
