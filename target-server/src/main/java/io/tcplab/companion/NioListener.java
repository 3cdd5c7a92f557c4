package io.tcplab.companion;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandler;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoOps;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A listening socket of Java's own. A backlog of 0 becomes 1 here, as Java would make 50 of it. */
final class NioListener implements ListeningSocket, NioIoHandle {

    private final ServerSocketChannel channel;
    private final IoHandler selector;
    private final CompanionSettings settings;
    private @Nullable IoRegistration registration;
    private @Nullable Acceptor acceptor;

    private NioListener(ServerSocketChannel channel, IoHandler selector, CompanionSettings settings) {
        this.channel = channel;
        this.selector = selector;
        this.settings = settings;
    }

    /** Binds and listens, with a socket of the address's own family. */
    static NioListener open(InetSocketAddress address, CompanionSettings settings, IoHandler selector)
            throws IOException {
        boolean ipv6 = address.getAddress() instanceof Inet6Address;
        ServerSocketChannel channel =
                ServerSocketChannel.open(ipv6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            if (settings.receiveBufferBytes() > 0) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, settings.receiveBufferBytes());
            }
            channel.bind(address, Math.max(settings.backlog(), 1));
            return new NioListener(channel, selector, settings);
        } catch (IOException refused) {
            channel.close();
            throw refused;
        }
    }

    @Override
    public @Nullable Accepted accept() throws IOException {
        SocketChannel accepted = channel.accept();
        if (accepted == null) {
            return null;
        }
        accepted.configureBlocking(false);
        if (settings.nodelay()) {
            accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        if (settings.sendBufferBytes() > 0) {
            accepted.setOption(StandardSocketOptions.SO_SNDBUF, settings.sendBufferBytes());
        }
        return new NioAccepted(accepted);
    }

    private record NioAccepted(SocketChannel socket) implements Accepted {
        @Override
        public WireConnection onWire(ServingLoop loop, WireConnection.Maker maker) {
            return new NioWire(socket, loop, maker).connection();
        }

        @Override
        public io.netty.channel.socket.SocketChannel asChannel() {
            return new NioSocketChannel(null, socket);
        }
    }

    @Override
    public void awaitConnections(Acceptor told) {
        acceptor = told;
        if (!channel.isOpen()) {
            return;
        }
        try {
            if (registration == null) {
                registration = selector.register(this);
            }
            registration.submit(NioIoOps.ACCEPT);
        } catch (Exception refused) {
            throw new UncheckedIOException(new IOException("select", refused));
        }
    }

    @Override
    public void ignoreConnections() {
        if (registration != null) {
            registration.submit(NioIoOps.NONE);
        }
    }

    @Override
    public InetSocketAddress address() {
        try {
            return (InetSocketAddress) channel.getLocalAddress();
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }

    @Override
    public void close() {
        if (registration != null) {
            registration.cancel();
        }
        try {
            channel.close();
        } catch (IOException broken) {
            // The descriptor is gone all the same (close(2)).
            return;
        }
    }

    @Override
    public SelectableChannel selectableChannel() {
        return channel;
    }

    @Override
    public void handle(IoRegistration source, IoEvent event) {
        if (acceptor != null) {
            acceptor.acceptable();
        }
    }
}
