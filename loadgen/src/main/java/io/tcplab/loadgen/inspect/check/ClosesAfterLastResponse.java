package io.tcplab.loadgen.inspect.check;

import io.tcplab.kernel.TcpState;
import io.tcplab.loadgen.inspect.Answer;
import io.tcplab.loadgen.inspect.Check;
import io.tcplab.loadgen.inspect.CheckCard;
import io.tcplab.loadgen.inspect.Contact;
import io.tcplab.loadgen.inspect.Finding;
import io.tcplab.loadgen.inspect.Heard;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.Unreachable;

/** C1: who closes after the last response. */
public final class ClosesAfterLastResponse implements Check {

    private static final long CLOSES_NANOS = 3_000_000_000L;

    @Override
    public CheckCard card() {
        return CheckCard.of("C1", "Who closes after the last response")
                .observes(
                        "After a response to Connection: close: FIN or RST, how long after the last byte, and who keeps TIME_WAIT.")
                .matters(
                        "Whoever closes first keeps TIME_WAIT for 60 s, and with it a port; an RST may destroy the response on its way.")
                .order("The client does not close before the server does, so that the first FIN is the server's.")
                .sources("dotnet/runtime#50854", "RFC 9112 §9.6", "RFC 9293 §3.6");
    }

    @Override
    public Finding observe(Probe probe) throws Unreachable {
        Contact contact = probe.open();
        Answer answer = contact.ask(probe.subject().get("Connection: close"));
        if (!answer.came()) {
            boolean reset = answer.last().filter(Heard.Reset.class::isInstance).isPresent();
            return reset
                    ? byReset(probe, "the response was cut off by an RST: " + answer.words())
                    : Finding.harmful(
                            "no whole response",
                            "a request with Connection: close is answered by " + answer.words(),
                            "Look into the server's log at this time.");
        }
        Contact.Ending ending = contact.ending(CLOSES_NANOS);
        long took = ending.heard().atNanos() - answer.lastNanos();
        return switch (ending.heard()) {
            case Heard.Fin _ -> {
                if (contact.endedWithoutFin()) {
                    contact.abort();
                    yield Finding.notObserved(
                            "the client has to close",
                            "the server said close_notify, and sent no FIN behind it; so the client closes and keeps TIME_WAIT");
                }
                probe.time("closedAfterSeconds", took);
                yield Finding.asExpected(
                        "the server closes by FIN",
                        "FIN " + Probe.seconds(took) + " after the last byte" + timeWait(probe, contact));
            }
            case Heard.Reset _ -> {
                probe.time("closedAfterSeconds", took);
                yield byReset(probe, "an RST " + Probe.seconds(took) + " after the last byte of the response");
            }
            case Heard.Data _, Heard.Silence _ -> {
                contact.abort();
                yield Finding.notObserved(
                        "the client has to close",
                        "the server did not close within 3 s of the response; so the client closes and keeps TIME_WAIT (see I4)");
            }
        };
    }

    private static Finding byReset(Probe probe, String what) {
        probe.note(what);
        return Finding.harmful(
                "the server resets",
                what,
                "An RST throws away what the client has not read yet. Look for SO_LINGER"
                        + " with 0 s, or for a request that is not read to its end.");
    }

    private static String timeWait(Probe probe, Contact contact) {
        if (probe.witness().isEmpty()) {
            return "; TIME_WAIT is the server's";
        }
        contact.close();
        long deadline = System.nanoTime() + 1_000_000_000L;
        while (System.nanoTime() < deadline) {
            boolean there = probe.witness()
                    .flatMap(witness -> witness.socket(contact.local()))
                    .filter(each -> each.state() == TcpState.TIME_WAIT)
                    .isPresent();
            if (there) {
                probe.note("server: TIME_WAIT");
                return "; TIME_WAIT is the server's (seen)";
            }
        }
        return "; no TIME_WAIT was seen within 1 s of our close";
    }
}
