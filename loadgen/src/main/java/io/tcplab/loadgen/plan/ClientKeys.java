package io.tcplab.loadgen.plan;

import io.tcplab.loadgen.plan.ClientOptions.KeepaliveProbe;
import io.tcplab.loadgen.plan.ClientOptions.ProxyProtocol;
import io.tcplab.loadgen.plan.ClientOptions.Transport;
import java.net.InetAddress;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The keys of {@code client}. */
final class ClientKeys {

    private static final long DEFAULT_TIMEOUT_NANOS = 5 * Measure.NANOS_PER_SECOND;

    // The kernel's limits for TCP_KEEPIDLE, TCP_KEEPINTVL and TCP_KEEPCNT (include/net/tcp.h, MAX_TCP_KEEP…).
    private static final int LONGEST_KEEPALIVE = 32_767;
    private static final int MOST_PROBES = 127;

    private static final int DEFAULT_SAMPLED = 64;
    private static final int LEAST_SAMPLED = 1_000_000;

    private static final Key<KeepaliveProbe, Integer> IDLE = Key.optional(
            "idle",
            Shapes.seconds(1, LONGEST_KEEPALIVE),
            probe -> given(probe.idleSeconds()),
            "idle time before the first probe (default: net.ipv4.tcp_keepalive_time)");
    private static final Key<KeepaliveProbe, Integer> INTERVAL = Key.optional(
            "interval",
            Shapes.seconds(1, LONGEST_KEEPALIVE),
            probe -> given(probe.intervalSeconds()),
            "time between probes (default: net.ipv4.tcp_keepalive_intvl)");
    private static final Key<KeepaliveProbe, Integer> COUNT = Key.optional(
            "count",
            Shapes.count(1, MOST_PROBES),
            probe -> given(probe.count()),
            "unanswered probes before the connection is aborted (default: net.ipv4.tcp_keepalive_probes)");
    private static final Form<KeepaliveProbe> PROBE = new Form<>(
            List.of(IDLE, INTERVAL, COUNT),
            given -> new KeepaliveProbe(orZero(given, IDLE), orZero(given, INTERVAL), orZero(given, COUNT)));

    private static final Key<ClientOptions, List<InetAddress>> SOURCES = Key.optional(
            "sources",
            new SourceAddresses(),
            client -> client.sources().isEmpty() ? null : client.sources(),
            "local addresses, used in turn; without it, the kernel chooses one");
    private static final Key<ClientOptions, Boolean> BIND_ADDRESS_NO_PORT = Key.of(
            "bindAddressNoPort",
            Shapes.FLAG,
            true,
            ClientOptions::bindAddressNoPort,
            "IP_BIND_ADDRESS_NO_PORT (ip(7)): with sources, ports are limited per 4-tuple instead of per source address");
    private static final Key<ClientOptions, Integer> EVENT_LOOPS =
            SocketKeys.eventLoops(ClientOptions::eventLoops, "number of event loops");
    private static final Key<ClientOptions, Boolean> PIN_CPU = Key.of(
            "pinCpu",
            Shapes.FLAG,
            false,
            ClientOptions::pinCpu,
            "pin each event loop to its own CPU, and all other threads to the remaining CPUs");
    private static final Key<ClientOptions, Transport> TRANSPORT = Key.of(
            "transport",
            Shapes.word(Transport.class),
            Transport.AUTO,
            ClientOptions::transport,
            "what serves the connections: epoll(7) or io_uring(7) (Linux 6.11 or later); auto: io_uring if system"
                    + " calls are expensive (docs/transport.md)");
    private static final Key<ClientOptions, Boolean> OPTIMISTIC = Key.of(
            "optimistic",
            Shapes.FLAG,
            true,
            ClientOptions::optimistic,
            "check right after connect(2) whether the handshake is already complete, as it is on loopback");
    private static final Key<ClientOptions, Boolean> NODELAY = Key.of(
            "nodelay",
            Shapes.FLAG,
            true,
            ClientOptions::nodelay,
            "TCP_NODELAY (tcp(7)): send small segments immediately");
    private static final Key<ClientOptions, Integer> SEND_BUFFER =
            SocketKeys.sendBuffer(ClientOptions::sendBufferBytes);
    private static final Key<ClientOptions, Integer> RECEIVE_BUFFER =
            SocketKeys.receiveBuffer(ClientOptions::receiveBufferBytes);
    private static final Key<ClientOptions, Long> CONNECT_TIMEOUT = Key.of(
            "connectTimeout",
            Shapes.nanos(1, Measure.LONGEST_NANOS),
            DEFAULT_TIMEOUT_NANOS,
            ClientOptions::connectTimeoutNanos,
            "time limit for the handshake; beyond it, the outcome is timedOut");
    private static final Key<ClientOptions, Long> EXCHANGE_TIMEOUT = Key.of(
            "exchangeTimeout",
            Shapes.nanos(1, Measure.LONGEST_NANOS),
            DEFAULT_TIMEOUT_NANOS,
            ClientOptions::exchangeTimeoutNanos,
            "time limit for one exchange; beyond it, the outcome is exchangeTimedOut");
    private static final Key<ClientOptions, Long> CLOSE_TIMEOUT = Key.of(
            "closeTimeout",
            Shapes.nanos(1, Measure.LONGEST_NANOS),
            DEFAULT_TIMEOUT_NANOS,
            ClientOptions::closeTimeoutNanos,
            "time limit for the peer's part of the close; beyond it, the outcome is closeTimedOut");
    private static final Key<ClientOptions, Integer> USER_TIMEOUT = Key.of(
            "userTimeout",
            Shapes.millis(),
            0,
            ClientOptions::userTimeoutMillis,
            "TCP_USER_TIMEOUT (tcp(7)); 0 = unset");
    private static final Key<ClientOptions, Boolean> FAST_OPEN = Key.of(
            "fastOpen",
            Shapes.FLAG,
            false,
            ClientOptions::fastOpen,
            "TCP_FASTOPEN_CONNECT (tcp(7)): send the first request in the SYN if the kernel has a cookie");
    private static final Key<ClientOptions, KeepaliveProbe> KEEPALIVE_PROBE = Key.optional(
            "keepaliveProbe",
            PROBE,
            ClientOptions::keepaliveProbe,
            "SO_KEEPALIVE (tcp(7)): probe idle connections (default: off)");

    private static final Key<ClientOptions, String> CONGESTION = Key.optional(
            "congestion",
            Shapes.text(
                    Pattern.compile("[a-z0-9_-]{1,15}"),
                    "a congestion control algorithm such as bbr",
                    List.of("string")),
            ClientOptions::congestion,
            "TCP_CONGESTION (tcp(7)): the congestion control algorithm (default: net.ipv4.tcp_congestion_control)");
    private static final Key<ClientOptions, Integer> TCP_INFO = Key.of(
            "tcpInfo",
            Shapes.count(0, LEAST_SAMPLED),
            DEFAULT_SAMPLED,
            ClientOptions::tcpInfoOneIn,
            "TCP_INFO (tcp(7)) is read at the close of one in this many connections, and of each event loop's first 256;"
                    + " 0 = never");
    private static final Key<ClientOptions, ProxyProtocol> PROXY_PROTOCOL = Key.optional(
            "proxyProtocol",
            Shapes.word(ProxyProtocol.class),
            ClientOptions::proxyProtocol,
            "begin each connection with a PROXY protocol header that names its own two ends; before TLS, if there is any");

    static final Form<ClientOptions> FORM = new Form<>(
            List.of(
                    SOURCES,
                    BIND_ADDRESS_NO_PORT,
                    EVENT_LOOPS,
                    PIN_CPU,
                    TRANSPORT,
                    OPTIMISTIC,
                    NODELAY,
                    SEND_BUFFER,
                    RECEIVE_BUFFER,
                    CONNECT_TIMEOUT,
                    EXCHANGE_TIMEOUT,
                    CLOSE_TIMEOUT,
                    USER_TIMEOUT,
                    FAST_OPEN,
                    KEEPALIVE_PROBE,
                    CONGESTION,
                    TCP_INFO,
                    PROXY_PROTOCOL),
            ClientKeys::options);

    private ClientKeys() {}

    private static ClientOptions options(Given given) {
        List<InetAddress> sources = given.find(SOURCES);
        if (given.find(PROXY_PROTOCOL) != null && given.of(FAST_OPEN)) {
            throw given.near(PROXY_PROTOCOL)
                    .meaning("cannot be combined with fastOpen, which sends the first request in the SYN");
        }
        return new ClientOptions(
                sources == null ? List.of() : sources,
                given.of(BIND_ADDRESS_NO_PORT),
                given.of(EVENT_LOOPS),
                given.of(PIN_CPU),
                given.of(TRANSPORT),
                given.of(OPTIMISTIC),
                given.of(NODELAY),
                given.of(SEND_BUFFER),
                given.of(RECEIVE_BUFFER),
                given.of(CONNECT_TIMEOUT),
                given.of(EXCHANGE_TIMEOUT),
                given.of(CLOSE_TIMEOUT),
                given.of(USER_TIMEOUT),
                given.of(FAST_OPEN),
                given.find(KEEPALIVE_PROBE),
                given.find(CONGESTION),
                given.of(TCP_INFO),
                given.find(PROXY_PROTOCOL));
    }

    private static int orZero(Given given, Key<?, Integer> key) {
        Integer value = given.find(key);
        return value == null ? 0 : value;
    }

    private static @Nullable Integer given(int value) {
        return value == 0 ? null : value;
    }
}
