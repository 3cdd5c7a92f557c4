package io.tcplab.loadgen.tune;

/** What to do with a knob, with the conditions under which it holds; the sources are ip-sysctl, tcp(7) and what tune itself shows. */
final class Advice {

    private static final String INSTEAD =
            " Better: keep connections open (keepalive), use more source or destination addresses,"
                    + " widen net.ipv4.ip_local_port_range, or let the server close first.";

    private Advice() {}

    static String on(String key, boolean tookEffect) {
        return switch (key) {
            case "net.ipv4.tcp_tw_reuse" ->
                "Set it to 1 only on a host that opens connections, closes them first, and needs more than ports ÷ 60 s of"
                        + " them to one destination; both ends must use tcp_timestamps. The default, 2, helps only between loopback"
                        + " addresses. It has no effect on incoming connections, nor where the server closes first. It does not remove"
                        + " the port-search cliff: once half of the range is in use, connect() itself gets slow before it fails."
                        + INSTEAD;
            case "net.ipv4.tcp_timestamps" ->
                "Leave it at 1: without timestamps, tcp_tw_reuse is silently off, and old segments cannot be distinguished from new ones.";
            case "net.ipv4.tcp_tw_reuse_delay" ->
                "Leave it at 1000 ms unless 4-tuples run out with tcp_tw_reuse=1: a shorter delay lets each"
                        + " port be used more often, but gives old segments less time to expire." + INSTEAD;
            case "net.ipv4.tcp_fin_timeout" ->
                "It does not shorten TIME_WAIT, which lasts 60 s on Linux; it limits how long an orphan stays in FIN_WAIT2.";
            case "net.ipv4.tcp_max_tw_buckets" ->
                "Do not lower it to avoid TIME_WAIT: connections beyond it skip the state and lose its protection."
                        + INSTEAD;
            case "net.core.somaxconn", "server.backlog" ->
                "The accept queue holds min(backlog, somaxconn) + 1: raise both, because raising one has no effect. A"
                        + " queue helps against bursts only, not against a server that accepts too slowly.";
            case "net.ipv4.tcp_migrate_req" ->
                "Set it to 1 where workers have SO_REUSEPORT listeners of their own and end one at a time: connections in the"
                        + " queue of a listener that is closed then go to another listener of the port instead of being reset."
                        + " It has no effect on servers that hand their listening sockets on, as nginx and HAProxy do.";
            case "net.ipv4.ip_local_port_range" ->
                "Widen it on hosts that open many connections to one destination; keep listeners' ports in"
                        + " ip_local_reserved_ports.";
            case "net.ipv4.tcp_abort_on_overflow" ->
                "Leave it at 0. Since Linux 4.10, a SYN at a full queue is dropped before this setting is checked; it resets"
                        + " only clients whose last ACK of the handshake meets a full queue, which with 0 wait for a free slot. Set it"
                        + " to 1 only where an early error is better than a late connection; a"
                        + " longer queue or a faster accept() helps more.";
            case "net.ipv4.tcp_syncookies" ->
                "Leave it at 1: cookies are sent only while the SYN queue is full, and cost TCP options. With 0, a"
                        + " SYN flood locks all clients out; 2 is for tests. Cookies on a server that is not"
                        + " under attack mean that the backlog is too small.";
            case "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes" ->
                "These are the defaults of sockets that set SO_KEEPALIVE without TCP_KEEPIDLE, TCP_KEEPINTVL and TCP_KEEPCNT;"
                        + " they have no effect on other sockets. Set the socket options in the application where possible.";
            case "client.keepaliveProbe" ->
                "Set it where a connection may stay idle and its peer may vanish: without SO_KEEPALIVE, this is never"
                        + " detected. Detection takes idle + interval × count, and works only while no"
                        + " data is unacknowledged; for that case set TCP_USER_TIMEOUT.";
            case "net.ipv4.tcp_tw_recycle" ->
                "It was removed in Linux 4.12 because it broke clients that share one address.";
            default ->
                tookEffect || key.startsWith("network")
                        ? ""
                        : "Leave it unchanged: it makes no difference under this load.";
        };
    }
}
