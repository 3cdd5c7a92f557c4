package io.tcplab.loadgen.judge;

import io.tcplab.loadgen.record.ConnectionOutcome;

/** What to look at when connections end so. */
public final class OutcomeRemedy {

    private OutcomeRemedy() {}

    public static String of(ConnectionOutcome outcome) {
        return switch (outcome) {
            case COMPLETED -> "";
            case REFUSED -> "check that the server is running and listens on the target's address and port";
            case TIMED_OUT ->
                "check for a full accept queue on the server (listenOverflows), a firewall that drops segments, or a wrong address";
            case NO_LOCAL_PORT ->
                "add source addresses (client.sources), widen net.ipv4.ip_local_port_range, or reuse TIME_WAITs";
            case NO_DESCRIPTOR -> "raise the limit of open files (ulimit -n) or lower the concurrency";
            case UNREACHABLE -> "check the route, the source addresses and the firewall";
            case TLS_FAILED ->
                "the causes name the alert or why the certificate was refused: check tls.serverName, tls.ca and the versions";
            case RESET -> "the server aborted: check its log, and abortsOnClose for closes with unread data";
            case CLOSED_EARLY ->
                "the server closes earlier than planned: compare its idle timeout and its limit of requests per connection";
            case EXCHANGE_TIMED_OUT ->
                "the server is too slow or stuck: compare its response times with client.exchangeTimeout";
            case CLOSE_TIMED_OUT ->
                "the server does not close after our FIN: check for sockets in CLOSE_WAIT on the server";
            case SELF_CONNECTED ->
                "nothing listens on that port: start the server, or reserve the port (net.ipv4.ip_local_reserved_ports)";
            case CORRUPTED -> "the target does not speak the profile's protocol, or its answers are wrong";
            case FAILED -> "see the causes";
            case OPEN_AT_END -> "";
        };
    }
}
