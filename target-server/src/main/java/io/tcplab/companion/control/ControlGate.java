package io.tcplab.companion.control;

import com.sun.net.httpserver.Headers;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Who may use a control endpoint. With a token: whoever shows it. Without one, which is possible on loopback alone: a program of this
 * host, but no page in its browser. A page reaches loopback under a name of its own that resolves to 127.0.0.1 (DNS rebinding), which
 * its Host header shows, or from another origin, which its Origin header shows (RFC 6454 §7).
 */
final class ControlGate {

    private final byte @Nullable [] token;
    private final String name;

    private ControlGate(byte @Nullable [] token, String name) {
        this.token = token;
        this.name = name.toLowerCase(Locale.ROOT);
    }

    static ControlGate ofToken(String token) {
        return new ControlGate(token.getBytes(StandardCharsets.UTF_8), "");
    }

    /** @param name the host that the user gave the endpoint: a name that may be asked for, beside localhost and loopback addresses */
    static ControlGate ofLoopback(String name) {
        return new ControlGate(null, name);
    }

    boolean asksForToken() {
        return token != null;
    }

    /** Why a request with these headers is refused, in one sentence; null where it is not. */
    @Nullable
    String refusal(Headers headers) {
        if (token != null) {
            return showsToken(headers.getFirst("Authorization"), token)
                    ? null
                    : "a token is needed: Authorization: Bearer TOKEN";
        }
        String host = headers.getFirst("Host");
        if (host != null && !isLoopback(host)) {
            return "without a token the Host header must name localhost or a loopback address; give --token-file for other names";
        }
        String origin = headers.getFirst("Origin");
        if (origin != null && !origin.equalsIgnoreCase("http://" + host)) {
            return "without a token no page of another origin is answered; give --token-file";
        }
        return null;
    }

    /** Compares in constant time, so that the delay of the answer says nothing about the token. */
    private static boolean showsToken(@Nullable String authorization, byte[] token) {
        String bearer = "bearer ";
        if (authorization == null || !authorization.toLowerCase(Locale.ROOT).startsWith(bearer)) {
            return false;
        }
        String shown = authorization.substring(bearer.length()).strip();
        return MessageDigest.isEqual(shown.getBytes(StandardCharsets.UTF_8), token);
    }

    private boolean isLoopback(String hostHeader) {
        String host = withoutPort(hostHeader.strip().toLowerCase(Locale.ROOT));
        if (host.equals("localhost") || host.equals(name)) {
            return true;
        }
        try {
            // Only a literal: a name would be looked up.
            return InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException noAddress) {
            return false;
        }
    }

    private static String withoutPort(String host) {
        if (host.startsWith("[")) {
            return host.substring(1, Math.max(host.indexOf(']'), 1));
        }
        int colon = host.indexOf(':');
        return colon < 0 ? host : host.substring(0, colon);
    }
}
