package io.tcplab.loadgen.connection.dialogue;

import java.net.InetSocketAddress;
import java.util.regex.Pattern;

/** A target as a URI and a Host header name it: {@code example.org:8080}, {@code [::1]:8080} (RFC 3986 §3.2.2). */
final class Authority {

    private static final Pattern ZEROS = Pattern.compile("(?:^|:)0(?::0)+(?::|$)");

    private Authority() {}

    static String of(InetSocketAddress target) {
        String host = target.getHostString();
        return (host.contains(":") ? "[" + shortened(host) + "]" : host) + ":" + target.getPort();
    }

    /** Java writes an IPv6 address with all its zeros; the longest run of them is left out (RFC 5952 §4.2). A zone is not sent. */
    private static String shortened(String address) {
        int zone = address.indexOf('%');
        String plain = zone < 0 ? address : address.substring(0, zone);
        if (plain.contains("::")) {
            return plain;
        }
        return ZEROS.matcher(plain)
                .results()
                .reduce((one, other) -> one.group().length() >= other.group().length() ? one : other)
                .map(run -> plain.substring(0, run.start()) + "::" + plain.substring(run.end()))
                .orElse(plain);
    }
}
