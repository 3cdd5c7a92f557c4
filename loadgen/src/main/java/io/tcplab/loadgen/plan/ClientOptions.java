package io.tcplab.loadgen.plan;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The generator's own settings.
 *
 * @param sources local addresses, used in turn; empty = the kernel chooses
 * @param bindAddressNoPort set IP_BIND_ADDRESS_NO_PORT before binding a source address, so that ports are counted per 4-tuple and
 *     not per source (ip(7))
 * @param eventLoops number of event loops, at least 1
 * @param pinCpu give each event loop a CPU of its own, and the rest to all other threads
 * @param transport which of the kernel's interfaces
 * @param optimistic look right after connect(2) whether the handshake is complete already, and leave epoll out where it is
 * @param nodelay TCP_NODELAY
 * @param sendBufferBytes SO_SNDBUF, 0 = the kernel's default
 * @param receiveBufferBytes SO_RCVBUF, 0 = the kernel's default
 * @param connectTimeoutNanos limit for connect
 * @param exchangeTimeoutNanos limit for one exchange
 * @param closeTimeoutNanos limit for the peer's part of the close
 * @param userTimeoutMillis TCP_USER_TIMEOUT, 0 = unset (tcp(7))
 * @param fastOpen send the first request in the SYN where the kernel has a cookie (TCP_FASTOPEN_CONNECT, tcp(7))
 * @param keepaliveProbe the SO_KEEPALIVE timer, absent = off
 * @param congestion the congestion control algorithm (TCP_CONGESTION, tcp(7)), absent = the kernel's default
 * @param tcpInfoOneIn of so many connections one is asked for TCP_INFO when it closes, 0 = none
 * @param proxyProtocol which header begins each connection, absent = none
 */
public record ClientOptions(
        List<InetAddress> sources,
        boolean bindAddressNoPort,
        int eventLoops,
        boolean pinCpu,
        Transport transport,
        boolean optimistic,
        boolean nodelay,
        int sendBufferBytes,
        int receiveBufferBytes,
        long connectTimeoutNanos,
        long exchangeTimeoutNanos,
        long closeTimeoutNanos,
        int userTimeoutMillis,
        boolean fastOpen,
        @Nullable KeepaliveProbe keepaliveProbe,
        @Nullable String congestion,
        int tcpInfoOneIn,
        @Nullable ProxyProtocol proxyProtocol) {

    public ClientOptions {
        sources = List.copyOf(sources);
    }

    /** The same settings with other source addresses. */
    ClientOptions withSources(List<InetAddress> others) {
        return new ClientOptions(
                others,
                bindAddressNoPort,
                eventLoops,
                pinCpu,
                transport,
                optimistic,
                nodelay,
                sendBufferBytes,
                receiveBufferBytes,
                connectTimeoutNanos,
                exchangeTimeoutNanos,
                closeTimeoutNanos,
                userTimeoutMillis,
                fastOpen,
                keepaliveProbe,
                congestion,
                tcpInfoOneIn,
                proxyProtocol);
    }

    /** A header that names the connection's ends, as a proxy sends it (proxy-protocol.txt of HAProxy). */
    public enum ProxyProtocol {
        /** A line of text. */
        V1,
        /** Binary. */
        V2
    }

    /** Which of the kernel's interfaces serves the connections. */
    public enum Transport implements Words.Spelled {
        /** What fits best: {@code TransportChoice} decides. */
        AUTO("auto"),
        /** Plain system calls and epoll(7). */
        EPOLL("epoll"),
        /** io_uring(7). */
        IO_URING("io_uring");

        private final String spelling;

        Transport(String spelling) {
            this.spelling = spelling;
        }

        @Override
        public String spelling() {
            return spelling;
        }
    }

    /**
     * The TCP keepalive probe (SO_KEEPALIVE, and tcp(7): TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT). What is 0 is left to the sysctls
     * net.ipv4.tcp_keepalive_time, _intvl and _probes.
     *
     * @param idleSeconds quiet time before the first probe
     * @param intervalSeconds time between probes
     * @param count unanswered probes before the connection is given up
     */
    public record KeepaliveProbe(int idleSeconds, int intervalSeconds, int count) {}
}
