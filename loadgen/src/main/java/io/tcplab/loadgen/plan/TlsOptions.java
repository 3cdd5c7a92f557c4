package io.tcplab.loadgen.plan;

import io.tcplab.companion.tls.TlsVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How connections are secured between connect and the first exchange.
 *
 * @param serverName sent as server name, and looked for in the certificate; absent = the target's name
 * @param alpn protocols to offer (RFC 7301), in order; empty = none
 * @param ca file with the authorities to trust, PEM; absent = the system's
 * @param insecure trust whatever the peer shows
 * @param certificate file with a certificate of our own, PEM; absent = none
 * @param key file with its private key, PEM; given together with the certificate
 * @param versions those to offer, at least one
 * @param resume the share of handshakes that are to resume a session, 0 to 1
 * @param closeNotify what is done about close_notify before a connection is closed
 */
public record TlsOptions(
        @Nullable String serverName,
        List<String> alpn,
        @Nullable String ca,
        boolean insecure,
        @Nullable String certificate,
        @Nullable String key,
        List<TlsVersion> versions,
        double resume,
        CloseNotify closeNotify) {

    public TlsOptions {
        alpn = List.copyOf(alpn);
        versions = List.copyOf(versions);
    }

    /** How many of {@code handshakes} are to resume a session. */
    public long resumed(long handshakes) {
        return Math.round(resume * handshakes);
    }

    /** What is done about close_notify (RFC 8446 §6.1) before a connection is closed. */
    public enum CloseNotify {
        /** Ours is sent. */
        SEND,
        /** None is sent: the peer sees the TCP close alone, as after a cut cable or a crash. */
        SKIP,
        /** Ours is sent, and the peer's is waited for. */
        AWAIT
    }
}
