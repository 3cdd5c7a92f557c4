package io.tcplab.companion;

import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Opens the listening socket, or says in one sentence why that cannot be. */
final class Listening {

    private Listening() {}

    static boolean byEpoll(CompanionSettings settings) throws CompanionException {
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

    /** The settings' port, or the first free one of the range for port 0. */
    static ListeningSocket open(boolean epoll, CompanionSettings settings, ServingLoop loop) throws CompanionException {
        InetAddress host = resolve(settings.host());
        boolean any = settings.port() == 0;
        int last = any ? CompanionSettings.LAST_PORT : settings.port();
        for (int port = any ? CompanionSettings.FIRST_PORT : settings.port(); ; port++) {
            InetSocketAddress address = new InetSocketAddress(host, port);
            try {
                return epoll
                        ? EpollListener.open(address, settings, loop.ioHandler)
                        : NioListener.open(address, settings, loop.ioHandler);
            } catch (IOException refused) {
                if (port == last || !BindRefusal.isInUse(refused)) {
                    throw BindRefusal.of(address, refused);
                }
            }
        }
    }

    private static InetAddress resolve(String host) throws CompanionException {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException unknown) {
            throw new CompanionException("bind: the host name " + host + " does not resolve; give an address", unknown);
        }
    }
}
