package io.tcplab.loadgen.judge;

import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Incident;

/** What to look at when connections end so, and when this was the cause. */
public final class OutcomeRemedy {

    private OutcomeRemedy() {}

    /** Empty where the causes say it better. */
    public static String of(ConnectionOutcome outcome) {
        return switch (outcome) {
            case COMPLETED, RESET, CLOSED_EARLY, EXCHANGE_TIMED_OUT, CLOSE_TIMED_OUT, CORRUPTED -> "";
            case REFUSED -> "check that the server is running and listens on the target's address and port";
            case TIMED_OUT ->
                "check for a full accept queue on the server (listenOverflows), a firewall that drops segments, or a wrong address";
            case NO_LOCAL_PORT ->
                "add source addresses (client.sources), widen net.ipv4.ip_local_port_range, or reuse TIME_WAITs";
            case NO_DESCRIPTOR -> "raise the limit of open files (ulimit -n) or lower the concurrency";
            case UNREACHABLE -> "check the route, the source addresses and the firewall";
            case TLS_FAILED ->
                "the causes name the alert or why the certificate was refused: check tls.serverName, tls.ca and the versions";
            case SELF_CONNECTED ->
                "nothing listens on that port: start the server, or reserve the port (net.ipv4.ip_local_reserved_ports)";
            case FAILED -> "see the causes";
            case OPEN_AT_END -> "";
        };
    }

    /** Empty where the outcome says it. */
    public static String of(Incident incident) {
        return switch (incident) {
            case CALL_FAILED, ANNOUNCED, NEVER_ESTABLISHED, CONNECTED_TO_ITSELF, TLS_ALERT -> "";
            case CERTIFICATE_REFUSED, TLS_BROKEN, TLS_NOT_ESTABLISHED -> "";
            case NOT_TLS -> "the port speaks no TLS: take tls out of the profile, or name another port";
            case CLOSED_IN_TLS_HANDSHAKE, RESET_IN_TLS_HANDSHAKE ->
                "the server ends the handshake without an alert: check its log for the version, the name or the certificate";
            case NO_CLOSE_NOTIFY -> "a response without a length looks the same where it is cut off";
            case CLOSE_NOTIFY_NOT_ANSWERED -> "let the profile not wait for it (tls.closeNotify: send)";
            case CLOSED_WHILE_IDLE ->
                "idle times that are alike are the server's idle timeout: keep the pause below it, or let the client close"
                        + " first; closes that come together, after any idle time, are a reload or a shutdown";
            case CLOSED_ON_ACCEPT, RESET_ON_ACCEPT ->
                "the server, or a proxy before it, turns connections away: check its limit of connections, its access rules and"
                        + " its log; or its accept queue was full (tcp_abort_on_overflow)";
            case RESET_WHILE_IDLE ->
                "the server, or something between, drops idle connections by RST: keep the pause below its idle timeout";
            case LOST_TO_IDLE_CLOSE ->
                "the request met the server's idle timeout on its way: let the client drop idle connections earlier, or send"
                        + " again what may be repeated";
            case CLOSED_AFTER_RESPONSE, LOST_TO_CLOSE ->
                "the server limits requests or time per connection and does not announce it: compare its keep-alive settings";
            case CLOSED_WITHOUT_RESPONSE -> "the server gave up on the request: check its log and its request timeout";
            case CLOSED_AFTER_HALF_CLOSE, RESET_AFTER_HALF_CLOSE ->
                "the server takes the client's FIN for the end of the connection: it must first answer what it has read";
            case CLOSED_IN_RESPONSE -> "the response was cut short: check the server's log and its write timeout";
            case RESET_WHILE_SENDING, RESET_BEFORE_RESPONSE ->
                "the server aborted, or closed with unread data, which destroys the response (TCPAbortOnClose): check its log"
                        + " and its limits on requests; or its accept queue was full (tcp_abort_on_overflow)";
            case RESET_IN_RESPONSE ->
                "the server aborted, or closed with unread data (TCPAbortOnClose), which cuts the response: check its log";
            case RESET_AFTER_RESPONSE ->
                "no response was lost; the server ends connections by RST: SO_LINGER 0, or unread data (TCPAbortOnClose)";
            case STATUS, BODY_NOT_AS_EXPECTED ->
                "the target speaks the protocol: check its log, or what the profile expects (http.expect)";
            case NOT_WHAT_WAS_ASKED ->
                "the target turned the request down, its answers are wrong, or it does not speak the profile's protocol";
            case NOT_ACKNOWLEDGED ->
                "the request did not arrive, or the connection was never accepted: check for a full accept queue, a firewall"
                        + " that forgot an idle connection, or a broken path";
            case ZERO_WINDOW ->
                "the server had stopped reading: its receive buffer is full, and the request is not all sent";
            case READ_SLOWLY ->
                "the server reads slower than the request comes: find what slows it, or raise client.exchangeTimeout";
            case NOT_ANSWERED ->
                "the server's kernel has the request: its application is too slow or stuck, has not accepted the connection, or its"
                        + " response was lost (exchangesTimedOut); compare its response times with client.exchangeTimeout";
            case ANSWERED_IN_PART ->
                "the server or the path is too slow for the size of the response: compare with client.exchangeTimeout";
            case FIN_NOT_ACKNOWLEDGED ->
                "the FIN or its ACK did not arrive: check for a firewall that forgot the connection, or a broken path";
            case FIN_NOT_ANSWERED ->
                "the server does not close after our FIN, or has never accepted the connection: check for sockets in CLOSE_WAIT and"
                        + " in the accept queue on the server";
            case SERVER_DID_NOT_CLOSE ->
                "the server keeps the connection open, and no FIN of ours asked it to close: let the client close, or compare"
                        + " the server's idle timeout with client.closeTimeout";
            case BROKE -> "report it with the directory of the result";
        };
    }
}
