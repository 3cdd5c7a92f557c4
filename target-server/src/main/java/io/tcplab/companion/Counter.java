package io.tcplab.companion;

/** What an event loop counts about the connections it serves. */
enum Counter {
    ACCEPTED,
    ENDED,
    CLOSED_FIN,
    CLOSED_RST,
    CLOSED_HALF_CLOSE,
    CLOSED_LINGER,
    ABANDONED,
    PEER_CLOSED_FIRST,
    RESETS_SEEN,
    EXCHANGES,
    BAD_FRAMES,
    TLS_FULL,
    TLS_RESUMED,
    TLS_FAILED,
    BYTES_IN,
    BYTES_OUT,
    ACCEPT_FAILURES
}
