package io.tcplab.loadgen.inspect.check;

import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.sockdiag.SocketReading;
import io.tcplab.loadgen.inspect.Check;
import io.tcplab.loadgen.inspect.CheckCard;
import io.tcplab.loadgen.inspect.Contact;
import io.tcplab.loadgen.inspect.Finding;
import io.tcplab.loadgen.inspect.Heard;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.Unreachable;
import java.util.Optional;

/** C2: the client closes and has nothing to ask. */
public final class ClientFin implements Check {

    private static final long ANSWERS_NANOS = 3_000_000_000L;

    @Override
    public CheckCard card() {
        return CheckCard.of("C2", "A client's FIN without a request")
                .speaks(CheckCard.Speaks.ANYTHING)
                .costs(2, 1)
                .observes(
                        "When the server answers with its own FIN: on a new connection, and on one that has had a response.")
                .matters("A server that does not close stays in CLOSE_WAIT and keeps a"
                        + " descriptor for each such client until it has none left.")
                .order("Nothing is asked when the FIN comes: the server has no reason to keep its side open.")
                .sources("jmeter#6330", "SSH.NET#221", "RFC 9293 §3.6");
    }

    @Override
    public Finding observe(Probe probe) throws Unreachable {
        Finding fresh = finish(probe, probe.open(), "a new connection");
        if (fresh.verdict().isFinding() || !probe.subject().answers()) {
            return fresh;
        }
        Contact used = probe.openToAsk();
        if (!probe.ask(used).came()) {
            return fresh;
        }
        Finding second = finish(probe, used, "a kept connection");
        return second.verdict().isFinding() ? second : fresh;
    }

    private static Finding finish(Probe probe, Contact contact, String which) {
        long began = System.nanoTime();
        var _ = contact.finish();
        Heard heard = contact.ending(ANSWERS_NANOS).heard();
        long took = heard.atNanos() - began;
        probe.note("our FIN on " + which + ": " + heard.words() + " after " + Probe.seconds(took));
        return switch (heard) {
            case Heard.Fin _ -> {
                probe.time(which.contains("new") ? "finAfterSeconds" : "finOnKeptAfterSeconds", took);
                yield Finding.asExpected("answers with its FIN", "its FIN " + Probe.seconds(took) + " after ours");
            }
            case Heard.Reset _ ->
                Finding.unusual(
                        "answers with RST",
                        "our FIN on " + which + " was answered by an RST after " + Probe.seconds(took),
                        "Harmless here, as nothing was in progress; in a capture these resets look like failures.");
            case Heard.Data _, Heard.Silence _ -> {
                Optional<SocketReading> end = probe.witness().flatMap(witness -> witness.socket(contact.local()));
                end.ifPresent(socket -> probe.note("server: " + socket.state()));
                String state = end.filter(socket -> socket.state() == TcpState.CLOSE_WAIT)
                        .map(_ -> "; it is in CLOSE_WAIT")
                        .orElse("");
                contact.abort();
                yield Finding.harmful(
                        "does not close",
                        "our FIN on " + which + " was not answered within 3 s" + state,
                        "The server has to close when it reads the end of the stream (recv returns"
                                + " 0); count CLOSE_WAIT with ss -tn state close-wait.");
            }
        };
    }
}
