package io.tcplab.kernel.host;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host and a port, as the user wrote them: {@code HOST:PORT}, with brackets around an IPv6 address ({@code [::1]:80}, RFC 3986 §3.2.2).
 * Nothing is resolved.
 *
 * @param host name, IPv4 or IPv6 literal (without brackets)
 * @param port 0 to 65535; 0 only where somebody listens and the kernel picks the port
 */
public record Endpoint(String host, int port) {
    private static final int HIGHEST_PORT = 65_535;
    private static final String SUCH_AS = "; write HOST:PORT such as 127.0.0.1:9000 or [::1]:9000";
    private static final Pattern SHAPE = Pattern.compile("(?:\\[([^\\[\\]]*)\\]|([^\\[\\]]*)):([^:]*)");
    private static final Pattern ZEROS = Pattern.compile("(?:^|:)0(?::0)+(?::|$)");
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}._-]+");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(%[\\p{L}\\p{N}._-]+)?");

    /** Throws IllegalArgumentException for a port out of range. */
    public Endpoint {
        if (port < 0 || port > HIGHEST_PORT) {
            throw new IllegalArgumentException(
                    "the port " + port + " is not allowed; it must be from 1 to " + HIGHEST_PORT);
        }
    }

    /** The host as TLS names and certifies it: a name from the root on without its last dot (RFC 6066 §3). */
    public String serverName() {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    /** What {@code text} names; throws IllegalArgumentException whose message is one sentence that quotes it and says what is allowed. */
    public static Endpoint parse(String text) {
        Endpoint endpoint = parse(text, "");
        if (endpoint.port == 0) {
            throw wrong(text, "the port 0, and ports range from 1 to " + HIGHEST_PORT);
        }
        return endpoint;
    }

    /** As {@link #parse}, for an address to listen on: the port may be 0, and a missing host, as in {@code :9100}, is 127.0.0.1. */
    public static Endpoint parseListening(String text) {
        return parse(text, "127.0.0.1");
    }

    private static Endpoint parse(String text, String hostIfNone) {
        Matcher shape = SHAPE.matcher(text.strip());
        if (text.contains("://")) {
            throw wrong(text, "a scheme, as a URL has");
        }
        if (!shape.matches()) {
            throw wrong(text, "no port");
        }
        String bracketed = shape.group(1);
        String host = bracketed == null ? shape.group(2) : bracketed;
        if (bracketed != null && !isIpv6(bracketed)) {
            throw wrong(text, "brackets around something other than an IPv6 address");
        } else if (bracketed == null && host.indexOf(':') >= 0) {
            throw wrong(text, "an IPv6 address without brackets, or more than one port");
        }
        host = host.isEmpty() ? hostIfNone : host;
        if (host.isEmpty()) {
            throw wrong(text, "no host");
        } else if (bracketed == null && !NAME.matcher(host).matches()) {
            throw wrong(text, "a host that is neither a name nor an address");
        }
        return new Endpoint(host, port(text, shape.group(3)));
    }

    private static int port(String text, String digits) {
        if (!digits.matches("[0-9]{1,9}")) {
            throw wrong(text, digits.isEmpty() ? "no port" : "a port that is not a whole number");
        }
        int port = Integer.parseInt(digits);
        if (port > HIGHEST_PORT) {
            throw wrong(text, "the port " + port + ", and ports range from 1 to " + HIGHEST_PORT);
        }
        return port;
    }

    private static IllegalArgumentException wrong(String text, String fault) {
        return new IllegalArgumentException("\"" + text + "\" has " + fault + SUCH_AS);
    }

    private static boolean isIpv6(String host) {
        return IPV6.matcher(host).matches()
                && literal(host.replaceFirst("%.*", "")).isPresent();
    }

    /** The address, where the host is a literal one; never asks a name service. */
    public Optional<InetAddress> literal() {
        return literal(host);
    }

    private static Optional<InetAddress> literal(String host) {
        try {
            return Optional.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** Looks the host up and takes the first of its addresses. */
    public InetSocketAddress resolve() throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(host), port);
    }

    /** {@code HOST:PORT} of a resolved address, by number. */
    public static String text(InetSocketAddress address) {
        return new Endpoint(text(address.getAddress()), address.getPort()).toString();
    }

    /** An address by number. */
    public static String text(InetAddress address) {
        return shortened(address.getHostAddress());
    }

    /** Java writes an IPv6 address with all its zeros; the longest run of them is left out (RFC 5952 §4.2). */
    private static String shortened(String address) {
        int zone = address.indexOf('%');
        String plain = zone < 0 ? address : address.substring(0, zone);
        return ZEROS.matcher(plain)
                        .results()
                        .reduce((one, other) ->
                                one.group().length() >= other.group().length() ? one : other)
                        .map(run -> plain.substring(0, run.start()) + "::" + plain.substring(run.end()))
                        .orElse(plain)
                + address.substring(plain.length());
    }

    /** As it is written: {@code HOST:PORT} or {@code [HOST]:PORT}. */
    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
