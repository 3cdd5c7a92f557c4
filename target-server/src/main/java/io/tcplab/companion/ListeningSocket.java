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
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A listening descriptor in epoll, which accepts only when it is asked to. Accepted sockets inherit its options (tcp(7), accept(2)), so
 * that none is set on each of them. Used by its event loop alone.
 */
final class ListeningSocket implements EpollIoHandle {

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

    private ListeningSocket(LinuxSocket socket, IoHandler epoll) {
        this.socket = socket;
        this.epoll = epoll;
    }

    /** Binds and listens, with a socket of the address's own family, so that the kernel's tables show IPv4 as IPv4. */
    static ListeningSocket open(InetSocketAddress address, AcceptSettings settings, IoHandler epoll) throws IOException {
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
            return new ListeningSocket(socket, epoll);
        } catch (IOException refused) {
            socket.close();
            throw refused;
        }
    }

    /**
     * Takes one connection from the accept queue: its descriptor, or -1 where the queue is empty.
     *
     * @throws IOException where accept(2) fails, such as by EMFILE
     */
    int accept() throws IOException {
        return socket.accept(peer);
    }

    /** Calls {@link Acceptor#acceptable} while the queue is not empty. */
    void awaitConnections(Acceptor told) {
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

    /** Calls it no more. */
    void ignoreConnections() {
        IoRegistration current = registration;
        if (current != null) {
            registration = null;
            current.cancel();
        }
    }

    /** Where it listens. */
    InetSocketAddress address() {
        return socket.localAddress();
    }

    /**
     * Closes it; the kernel resets what is in the accept queue. Also called by the event loop when it ends, hence public.
     */
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
