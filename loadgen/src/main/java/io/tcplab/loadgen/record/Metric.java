package io.tcplab.loadgen.record;

/** The latencies that a run records, all in nanoseconds. */
public enum Metric {
    CONNECT("connect", "connect(2) called to handshake seen complete; includes SYN retransmits"),
    TLS("tls", "connected to the full TLS handshake complete"),
    TLS_RESUMED("tlsResumed", "connected to the TLS handshake complete, where it resumed a session"),
    SERVICE("service", "request written to last response byte"),
    RESPONSE("response", "intended start to last response byte; free of coordinated omission"),
    CLOSE_CALL("closeCall", "time spent inside the close or shutdown call itself"),
    TEARDOWN("teardown", "our FIN handed to the kernel to the peer's FIN read; passive: EOF read to our close done"),
    LIFETIME("lifetime", "established to fully closed as seen by us"),
    START_DELAY("startDelay", "actual start minus intended start: the generator's own lateness");

    private final String key;
    private final String sentence;

    Metric(String key, String sentence) {
        this.key = key;
        this.sentence = sentence;
    }

    /** The name in result files. */
    public String key() {
        return key;
    }

    /** From when to when it is measured. */
    public String sentence() {
        return sentence;
    }
}
