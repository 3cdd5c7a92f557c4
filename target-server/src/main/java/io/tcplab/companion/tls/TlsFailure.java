package io.tcplab.companion.tls;

/**
 * Why a connection's TLS has failed.
 *
 * @param kind what was seen
 * @param detail the alert's name, why the certificate was refused, or what is wrong with the peer's bytes
 */
public record TlsFailure(Kind kind, String detail) {

    /** What was seen. */
    public enum Kind {
        /** The peer sent a fatal alert. */
        ALERT,
        /** We refused the peer's certificate. */
        CERTIFICATE,
        /** The peer's first bytes are no TLS record. */
        NOT_TLS,
        /** The peer broke the protocol, or the two have nothing in common. */
        PROTOCOL
    }
}
