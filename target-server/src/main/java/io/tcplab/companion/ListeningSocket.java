package io.tcplab.companion;

import io.netty.channel.epoll.LinuxSocket;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;

/**
 * A listening descriptor, which accepts only when it is asked to. Accepted sockets inherit its options (tcp(7), accept(2)), so
 * that none is set on each of them. Used by its event loop alone.
 */
final class ListeningSocket {

    private static final int IPPROTO_TCP = 6;
    private static final int TCP_DEFER_ACCEPT = 9;
    private static final int TCP_FASTOPEN = 23;
    /** Netty writes the peer's address there: a length, then at most an IPv6 address, its scope and the port. */
    private static final int ADDRESS_BYTES = 25;

    private final LinuxSocket socket;
    private final LoopIo.Arrivals arrivals;
    private final byte[] peer = new byte[ADDRESS_BYTES];

    private ListeningSocket(LinuxSocket socket, LoopIo io) {
        this.socket = socket;
        this.arrivals = io.arrivals(socket);
    }

    /** Binds and listens, with a socket of the address's own family, so that the kernel's tables show IPv4 as IPv4. */
    static ListeningSocket open(InetSocketAddress address, AcceptSettings settings, LoopIo io) throws IOException {
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
            return new ListeningSocket(socket, io);
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

    /** As {@link LoopIo.Arrivals#await}. */
    void awaitConnections(Acceptor told, boolean freely) {
        if (socket.isOpen()) {
            arrivals.await(told, freely);
        }
    }

    /** Tells of none and accepts none from now on. */
    void ignoreConnections() {
        arrivals.ignore();
    }

    /** Where it listens. */
    InetSocketAddress address() {
        return socket.localAddress();
    }

    /** Closes it; the kernel resets what is in the accept queue. */
    void close() {
        ignoreConnections();
        try {
            socket.close();
        } catch (IOException broken) {
            // The descriptor is gone all the same (close(2)).
            return;
        }
    }
}
