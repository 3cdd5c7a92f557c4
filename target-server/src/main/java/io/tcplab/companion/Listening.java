package io.tcplab.companion;

import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Opens the listening socket, or says in one sentence why that cannot be. */
final class Listening {

    private Listening() {}

    /** @throws CompanionException where Netty's native library cannot be loaded, with the reason that the loader gave */
    static void requireEpoll() throws CompanionException {
        Throwable why = Epoll.unavailabilityCause();
        if (why != null) {
            throw new CompanionException(
                    "epoll: Netty's native library cannot be loaded (" + why.getMessage()
                            + "); it exists for Linux on x86_64 and aarch64 with glibc",
                    why);
        }
    }

    /** The settings' port, or the first free one of the range for port 0. */
    static ListeningSocket open(CompanionSettings settings, ServingLoop loop) throws CompanionException {
        InetAddress host = resolve(settings.host());
        boolean any = settings.port() == 0;
        int last = any ? CompanionSettings.LAST_PORT : settings.port();
        for (int port = any ? CompanionSettings.FIRST_PORT : settings.port(); ; port++) {
            InetSocketAddress address = new InetSocketAddress(host, port);
            try {
                return ListeningSocket.open(address, settings.accepting(), loop.io);
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
