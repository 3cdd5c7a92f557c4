package io.tcplab.loadgen.judge.warning;

import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.result.TlsFigures;
import java.util.List;

/** The profile says insecure: whoever answered was trusted. */
public record TlsUnverified(long handshakes) implements RunWarning {

    static final TlsUnverified EXAMPLE = new TlsUnverified(10_000);

    static List<RunWarning> in(Facts facts) {
        TlsFigures tls = facts.summary().tls();
        return tls == null || tls.verified() ? List.of() : List.of(new TlsUnverified(tls.handshakes()));
    }

    @Override
    public String when() {
        return "the server's certificate was not verified (tls.insecure)";
    }

    @Override
    public String message() {
        return "the server's certificate was not verified in " + InWords.count(handshakes)
                + " handshakes: tls.insecure accepts any, so another server may have answered";
    }

    @Override
    public String advice() {
        return "name the server's authority with tls.ca, and the name in its certificate with tls.serverName";
    }
}
