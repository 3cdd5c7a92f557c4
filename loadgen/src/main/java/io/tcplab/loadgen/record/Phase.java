package io.tcplab.loadgen.record;

/** What a connection is doing, and so what it waits for. */
public enum Phase {
    /** The handshake is in progress. */
    CONNECTING("connecting"),
    /** The handshake of TLS is in progress. */
    SECURING("securing"),
    /** Secured, with nothing to ask: a ticket of TLS 1.3 is expected. */
    AWAITING_TICKET("awaitingTicket"),
    /** A request is being handed over. */
    SENDING("sending"),
    /** A response is expected. */
    RECEIVING("receiving"),
    /** A pause that belongs to what is said. */
    PAUSING("pausing"),
    /** The pause between a response and the next request. */
    THINKING("thinking"),
    /** Open, with no more requests to come. */
    HOLDING("holding"),
    /** Our close_notify is sent, and the peer's is expected. */
    AWAITING_NOTIFY("awaitingCloseNotify"),
    /** The exchanges are over, and the peer's FIN is expected. */
    AWAITING_FIN("closing"),
    /** Another thread is in a close(2) that may wait. */
    LINGERING("lingering"),
    /** Left open on purpose. */
    ABANDONED("abandoned"),
    /** It could not be opened, and keeps its slot for a moment. */
    COOLING("cooling"),
    /** It has had its outcome. */
    ENDED("ended");

    private final String key;

    Phase(String key) {
        this.key = key;
    }

    /** The name in {@code summary.json}. */
    public String key() {
        return key;
    }
}
