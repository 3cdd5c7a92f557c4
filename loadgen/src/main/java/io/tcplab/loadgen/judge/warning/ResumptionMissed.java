package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.count;

import io.tcplab.loadgen.result.TlsFigures;
import java.util.List;

/**
 * The share of TLS handshakes that resumed a session is not the one that the profile asks for.
 *
 * @param handshakes that were completed
 * @param asked of these, those that were to resume
 * @param offered of these, those in which a session was offered
 * @param resumed of these, those that resumed, as the sessions say
 */
public record ResumptionMissed(long handshakes, long asked, long offered, long resumed) implements RunWarning {

    static final ResumptionMissed EXAMPLE = new ResumptionMissed(10_000, 8_000, 8_000, 0);

    /** A hundredth of the handshakes. */
    private static final double TOLERANCE = 0.01;

    static List<RunWarning> in(Facts facts) {
        TlsFigures tls = facts.summary().tls();
        if (tls == null || Math.abs(tls.askedResume() - tls.resumed()) <= tls.handshakes() * TOLERANCE) {
            return List.of();
        }
        return List.of(new ResumptionMissed(tls.handshakes(), tls.askedResume(), tls.offeredResume(), tls.resumed()));
    }

    @Override
    public String when() {
        return "the share of TLS handshakes that resumed a session differs from tls.resume by more than 1%";
    }

    @Override
    public String message() {
        String reason = offered - resumed > asked - offered
                ? "the server declined " + count(offered - resumed) + " of the " + count(offered)
                        + " sessions that were offered to it"
                : "only " + count(offered) + " sessions were available to offer";
        return count(resumed) + " of " + count(handshakes) + " TLS handshakes resumed a session where " + count(asked)
                + " were asked for: " + reason;
    }

    @Override
    public String advice() {
        return offered - resumed > asked - offered
                ? "check the server's session tickets and cache, and whether all its workers share their ticket keys"
                : "add a warmup, in which sessions are collected, or check how many tickets the server issues";
    }
}
