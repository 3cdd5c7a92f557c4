package io.tcplab.loadgen.inspect.check;

import io.tcplab.loadgen.inspect.Check;
import io.tcplab.loadgen.inspect.CheckCard;
import io.tcplab.loadgen.inspect.CheckCard.Pace;
import io.tcplab.loadgen.inspect.CheckCard.Speaks;
import io.tcplab.loadgen.inspect.Contact;
import io.tcplab.loadgen.inspect.Finding;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.Unreachable;

/** T3: a TLS handshake that stops, and plain HTTP on the TLS port. */
public final class UnfinishedTlsHandshake implements Check {

    private static final long ANSWERS_NANOS = 3_000_000_000L;

    /** The first bytes of a ClientHello of 200 bytes (RFC 8446 §4.1.2); the rest never comes. */
    private static final byte[] HALF_HELLO = {22, 3, 1, 0, (byte) 200, 1, 0, 0, (byte) 196, 3, 3};

    @Override
    public CheckCard card() {
        return CheckCard.of("T3", "A TLS handshake that stops, and plain HTTP")
                .speaks(Speaks.TLS)
                .pace(Pace.PATIENT)
                .costs(2, 1)
                .observes(
                        "After how long, and how, half a ClientHello is cut off; what a plain request on the TLS port gets.")
                .matters("A handshake without a limit holds a connection before any request's"
                        + " timeout applies; silence to plain HTTP hides a wrong port.")
                .order(
                        "Eleven bytes of a ClientHello are sent and then nothing, so that only a timeout of the handshake can end it.")
                .sources("RFC 8446 §4.1.2, §6.2", "nginx client_header_timeout", "HAProxy timeout client");
    }

    @Override
    public Finding observe(Probe probe) throws Unreachable {
        Contact plain = probe.openPlain(_ -> {});
        var _ = plain.send(probe.subject().get("Connection: close"));
        Contact.Ending answered = plain.ending(ANSWERS_NANOS);
        plain.abort();
        boolean alert = answered.text().startsWith("\u0015\u0003");
        String toPlain = (alert
                        ? "a TLS alert, "
                        : answered.bytes() > 0 && TimedOut.status(answered).isEmpty() ? "bytes, " : "")
                + TimedOut.words(answered);
        probe.note("plain HTTP: " + toPlain);
        Contact half = probe.openPlain(_ -> {});
        long began = System.nanoTime();
        var _ = half.send(HALF_HELLO);
        Contact.Ending ending = half.ending(probe.subject().patienceNanos());
        long took = ending.heard().atNanos() - began;
        half.abort();
        if (ending.heard().isEnd()) {
            probe.time("closedAfterSeconds", took);
        }
        Finding finding = TimedOut.finding(probe, ending, took, "half a ClientHello");
        return new Finding(
                finding.verdict(),
                finding.observed() + "; plain HTTP: " + toPlain,
                finding.sentence() + "; plain HTTP on the TLS port: " + toPlain,
                finding.advice());
    }
}
