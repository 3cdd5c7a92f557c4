package io.tcplab.target;

import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Locale;

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
                if (port == last || !says(refused, "address already in use")) {
                    throw refused(address, refused, any);
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

    private static CompanionException refused(InetSocketAddress address, IOException cause, boolean any) {
        String where = "bind " + text(address) + ": ";
        if (says(cause, "address already in use")) {
            String which = any ? "as on every port from " + CompanionSettings.FIRST_PORT + " on" : "there";
            return new CompanionException(
                    where + "EADDRINUSE, another socket listens " + which + "; stop it or choose another port", cause);
        }
        if (says(cause, "permission denied")) {
            return new CompanionException(
                    where
                            + "EACCES, ports below net.ipv4.ip_unprivileged_port_start need privileges; choose a higher port",
                    cause);
        }
        if (says(cause, "cannot assign requested address")) {
            return new CompanionException(
                    where
                            + "EADDRNOTAVAIL, no interface of this host has that address; choose one that `ip address` shows",
                    cause);
        }
        return new CompanionException(where + cause.getMessage(), cause);
    }

    private static boolean says(IOException cause, String phrase) {
        String message = cause.getMessage();
        return message != null && message.toLowerCase(Locale.ROOT).contains(phrase);
    }

    /** {@code HOST:PORT}, with brackets around an IPv6 address. */
    static String text(InetSocketAddress address) {
        InetAddress host = address.getAddress();
        String name = host.getHostAddress();
        return (host instanceof Inet4Address ? name : "[" + name + "]") + ":" + address.getPort();
    }
}
