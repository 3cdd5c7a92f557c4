package io.tcplab.companion;

/** What the companion speaks on an accepted connection. */
public enum ServedProtocol {
    /** Framed requests ({@link io.tcplab.companion.protocol.Frame}) that say how much to answer and how to close. */
    TCPLAB,
    /** Sends back what it receives. */
    ECHO,
    /** Says nothing; what arrives is thrown away. */
    NONE,
    /** HTTP/1.1: {@code ?size=N} bytes of the pattern, 64 without it. */
    HTTP
}
