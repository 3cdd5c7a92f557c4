package io.tcplab.loadgen.inspect.check;

import io.tcplab.loadgen.inspect.Answer;
import io.tcplab.loadgen.inspect.Check;
import io.tcplab.loadgen.inspect.CheckCard;
import io.tcplab.loadgen.inspect.Contact;
import io.tcplab.loadgen.inspect.Finding;
import io.tcplab.loadgen.inspect.Heard;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.Unreachable;
import java.util.ArrayList;
import java.util.List;

/** I4: the client asks for the connection to be closed, or to be kept. */
public final class ConnectionHeaderObeyed implements Check {

    private static final long AT_ONCE_NANOS = 200_000_000L;
    private static final long CLOSES_NANOS = 2_000_000_000L;

    @Override
    public CheckCard card() {
        return CheckCard.of("I4", "Connection: close, and HTTP/1.0")
                .costs(3, 6)
                .observes("Whether the server closes after Connection: close and after an HTTP/1.0 request, and keeps"
                        + " the connection if HTTP/1.0 asks for keep-alive.")
                .matters("An HTTP/1.0 client (ab, old proxies, health checks) reads to the end of the stream: it hangs"
                        + " if the server does not close.")
                .order(
                        "Each request is alone on its connection. Where no FIN follows at once, a second one is sent: its answer"
                                + " shows that the connection is kept; otherwise the client waits two seconds for the server's FIN.")
                .sources("RFC 9112 §9.3, §9.6", "RFC 9112 appendix C.2.2");
    }

    @Override
    public Finding observe(Probe probe) throws Unreachable {
        String old = "GET " + probe.subject().path() + " HTTP/1.0\r\nHost: "
                + probe.subject().asked() + "\r\n";
        boolean closes = closes(probe, probe.subject().get("Connection: close"), "Connection: close");
        boolean closesOld = closes(probe, old + "\r\n", "HTTP/1.0");
        boolean closesKept = closes(probe, old + "Connection: keep-alive\r\n\r\n", "HTTP/1.0 with keep-alive");
        List<String> wrong = new ArrayList<>();
        if (!closes) {
            wrong.add("Connection: close");
        }
        if (!closesOld) {
            wrong.add("HTTP/1.0");
        }
        String kept = "; HTTP/1.0 with keep-alive is " + (closesKept ? "closed" : "kept");
        if (wrong.isEmpty()) {
            return Finding.asExpected("obeyed", "closes after Connection: close and after HTTP/1.0" + kept);
        }
        return Finding.harmful(
                "stays open after " + String.join(" and ", wrong),
                "the connection stayed open after the response to " + String.join(" and to ", wrong) + kept,
                "The server must close after this response (RFC 9112 §9.6): a client that reads to the end waits until the idle timeout.");
    }

    private static boolean closes(Probe probe, String request, String what) throws Unreachable {
        Contact contact = probe.open();
        Answer answer = contact.send(request).ok() ? contact.answer(probe.limit(CLOSES_NANOS)) : contact.answer(0);
        Heard heard = answer.last()
                .filter(Heard::isEnd)
                .orElseGet(() -> contact.ending(AT_ONCE_NANOS).heard());
        // An idle timeout may be shorter than the client's patience: only an answer shows that the connection was kept.
        if (answer.came() && !heard.isEnd()) {
            Answer second = contact.send(request).ok() ? contact.answer(probe.limit(CLOSES_NANOS)) : contact.answer(0);
            probe.note(what + ": " + answer.words() + "; then stays open; a second request: " + second.words());
            boolean ended = second.last().filter(Heard::isEnd).isPresent();
            contact.abort();
            return !second.came() && ended;
        }
        probe.note(what + ": " + answer.words() + "; then " + heard.words());
        contact.abort();
        return heard.isEnd();
    }
}
