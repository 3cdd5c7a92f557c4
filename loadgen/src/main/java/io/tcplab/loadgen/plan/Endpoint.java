package io.tcplab.loadgen.plan;

/**
 * A host and a port, as the user wrote them.
 *
 * @param host name, IPv4 or IPv6 literal (without brackets)
 * @param port 1–65535
 */
public record Endpoint(String host, int port) {

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
