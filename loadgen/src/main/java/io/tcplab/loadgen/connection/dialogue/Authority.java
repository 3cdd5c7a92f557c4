package io.tcplab.loadgen.connection.dialogue;

import io.tcplab.kernel.host.Endpoint;
import java.net.InetSocketAddress;

/** A target as a URI and a Host header name it: {@code example.org:8080}, {@code [::1]:8080} (RFC 3986 §3.2.2). */
public final class Authority {

    private Authority() {}

    /** The name that it was looked up by, where it was; otherwise its address. */
    public static String of(InetSocketAddress target) {
        String host = target.getHostString();
        return host.contains(":")
                ? "[" + withoutZone(Endpoint.text(target.getAddress())) + "]:" + target.getPort()
                : host + ":" + target.getPort();
    }

    /** A zone means something on this host alone, and is not sent. */
    private static String withoutZone(String address) {
        int zone = address.indexOf('%');
        return zone < 0 ? address : address.substring(0, zone);
    }
}
