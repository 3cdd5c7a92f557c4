package io.tcplab.kernel.sockdiag;

/** The timer that runs on a socket ({@code idiag_timer}, {@code inet_sk_diag_fill}). */
public enum SocketTimer {
    NONE,
    /** Retransmission, of a SYN too; loss probes and reordering as well. */
    RETRANSMIT,
    /** TCP keepalive probes; on a closed socket the wait in FIN_WAIT2. */
    KEEPALIVE,
    TIME_WAIT,
    /** Zero-window probes. */
    PERSIST,
    UNKNOWN;

    static SocketTimer of(int number) {
        return number >= 0 && number < UNKNOWN.ordinal() ? values()[number] : UNKNOWN;
    }
}
