package io.tcplab.loadgen.tune;

/** What to do with a knob, with the conditions under which it holds; the sources are ip-sysctl, tcp(7) and what tune itself shows. */
final class Advice {

    private static final String INSTEAD =
            " Better: keep connections (keepalive), more source or destination addresses, a wider"
                    + " net.ipv4.ip_local_port_range, or let the server close first.";

    private Advice() {}

    static String on(String key, boolean tookEffect) {
        return switch (key) {
            case "net.ipv4.tcp_tw_reuse" ->
                "Set it to 1 only on a host that opens connections, closes them first, and needs more than ports ÷ 60 s of them to one"
                        + " destination; both ends must have tcp_timestamps. 2, the default, helps loopback addresses alone. It does"
                        + " nothing for incoming connections and nothing where the server closes first. It does not lift the"
                        + " port-search cliff: once half of the range is taken, connect() itself gets slow before it fails."
                        + INSTEAD;
            case "net.ipv4.tcp_timestamps" ->
                "Leave it at 1: without timestamps tcp_tw_reuse is silently off, and old segments cannot be told from new ones.";
            case "net.ipv4.tcp_tw_reuse_delay" ->
                "Leave it at 1000 ms unless 4-tuples run out with tcp_tw_reuse=1: a shorter delay lets each port be used more often, and"
                        + " leaves old segments less time to expire." + INSTEAD;
            case "net.ipv4.tcp_fin_timeout" ->
                "It does not shorten TIME_WAIT, which lasts 60 s on Linux: it is how long an orphan stays in FIN_WAIT2.";
            case "net.ipv4.tcp_max_tw_buckets" ->
                "Do not lower it to avoid TIME_WAIT: those beyond it are dropped, and with them what they protect from."
                        + INSTEAD;
            case "net.core.somaxconn", "server.backlog" ->
                "The accept queue holds min(backlog, somaxconn) + 1: raise both, or neither has an effect; a queue only helps against"
                        + " bursts, not against a server that accepts too slowly.";
            case "net.ipv4.ip_local_port_range" ->
                "Widen it on hosts that open many connections to one destination; keep listeners' ports in"
                        + " ip_local_reserved_ports.";
            case "net.ipv4.tcp_abort_on_overflow" ->
                "Leave it at 0. Since Linux 4.10 a SYN at a full queue is dropped before this knob is asked; it resets only those whose"
                        + " last ACK of the handshake meets a full queue, where 0 lets them wait for a place. Set it to 1 only where an"
                        + " early error is better than a late connection; what helps is a longer queue or a faster accept.";
            case "net.ipv4.tcp_syncookies" ->
                "Leave it at 1: cookies are sent only while the SYN queue is full, and cost TCP options. 0 lets a flood of SYNs shut"
                        + " everybody out; 2 is for tests. Cookies on a server that is not attacked mean that the backlog is too small.";
            case "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes" ->
                "They are the defaults of sockets that set SO_KEEPALIVE without TCP_KEEPIDLE, TCP_KEEPINTVL and TCP_KEEPCNT of their"
                        + " own: they have no effect on other sockets. Set them in the application where you can.";
            case "client.keepaliveProbe" ->
                "Set it where a connection may stay idle and its peer may vanish: without SO_KEEPALIVE nobody ever notices. It takes"
                        + " idle + interval × count, and only while no data is unacknowledged; for that case set TCP_USER_TIMEOUT.";
            case "net.ipv4.tcp_tw_recycle" ->
                "Do not look for it: it was removed in Linux 4.12, because it broke clients behind one address.";
            default -> tookEffect ? "" : "Leave it as it is: under this load it makes no difference.";
        };
    }
}
