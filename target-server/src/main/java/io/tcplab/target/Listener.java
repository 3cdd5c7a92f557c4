package io.tcplab.target;

import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.util.Locale;

/** Opens what epoll and NIO call by different names: the event loops and the listening socket. */
final class Listener {

    private Listener() {}

    static boolean epoll(CompanionSettings settings) throws CompanionException {
        return switch (settings.transport()) {
            case NIO -> false;
            case AUTO -> Epoll.isAvailable();
            case EPOLL -> {
                if (!Epoll.isAvailable()) {
                    throw new CompanionException(
                            "epoll: its native library cannot be loaded on this platform; use the transport nio",
                            Epoll.unavailabilityCause());
                }
                yield true;
            }
        };
    }

    static MultiThreadIoEventLoopGroup eventLoops(boolean epoll, int count) {
        IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        return new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory("tcplab-target"), handlers);
    }

    /** An unbound listener of the address's own family, so that the kernel's tables show IPv4 as IPv4. */
    static ServerChannel open(boolean epoll, InetAddress address, CompanionSettings settings) {
        SocketProtocolFamily family =
                address instanceof Inet4Address ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
        ServerSocketChannel channel = epoll
                ? new EpollServerSocketChannel(family)
                : new NioServerSocketChannel(SelectorProvider.provider(), family);
        channel.config().setBacklog(settings.backlog());
        channel.config().setReuseAddress(true);
        if (settings.receiveBufferBytes() > 0) {
            channel.config().setReceiveBufferSize(settings.receiveBufferBytes());
        }
        if (settings.deferAcceptSeconds() > 0) {
            channel.config().setOption(EpollChannelOption.TCP_DEFER_ACCEPT, settings.deferAcceptSeconds());
        }
        if (settings.fastOpenQueue() > 0) {
            channel.config().setOption(ChannelOption.TCP_FASTOPEN, settings.fastOpenQueue());
        }
        return channel;
    }

    static boolean isInUse(Throwable cause) {
        return says(cause, "address already in use");
    }

    /** One sentence for a refused bind(2) or listen(2), with the remedy. */
    static CompanionException refused(InetSocketAddress address, Throwable cause) {
        String where = "bind " + text(address) + ": ";
        if (isInUse(cause)) {
            return new CompanionException(
                    where + "EADDRINUSE, another socket listens there; stop it or choose another port", cause);
        }
        if (says(cause, "permission denied")) {
            return new CompanionException(
                    where
                            + "EACCES, ports below net.ipv4.ip_unprivileged_port_start need privileges; choose a higher port",
                    cause);
        }
        if (says(cause, "cannot assign requested address")) {
            return new CompanionException(
                    where + "EADDRNOTAVAIL, no interface of this host has that address; choose one of `ip address`",
                    cause);
        }
        return new CompanionException(where + cause.getMessage(), cause);
    }

    /** {@code HOST:PORT}, with brackets around an IPv6 address. */
    static String text(InetSocketAddress address) {
        InetAddress host = address.getAddress();
        String name = host.getHostAddress();
        return (host instanceof Inet4Address ? name : "[" + name + "]") + ":" + address.getPort();
    }

    private static boolean says(Throwable cause, String phrase) {
        String message = cause.getMessage();
        return message != null && message.toLowerCase(Locale.ROOT).contains(phrase);
    }
}
