package io.tcplab.loadgen.inspect.check;

import io.tcplab.loadgen.inspect.Answer;
import io.tcplab.loadgen.inspect.Check;
import io.tcplab.loadgen.inspect.CheckCard;
import io.tcplab.loadgen.inspect.CheckVerdict;
import io.tcplab.loadgen.inspect.Contact;
import io.tcplab.loadgen.inspect.Finding;
import io.tcplab.loadgen.inspect.Heard;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.Unreachable;
import java.util.ArrayList;
import java.util.List;

/** S4: what is no request. */
public final class Garbage implements Check {

    /** Beyond a megabyte and a little, which is Go's limit and that of others (net/http, DefaultMaxHeaderBytes). */
    private static final int LONG_HEAD = 1_100_000;

    private static final int PIECE = 50_000;
    private static final long ANSWERS_NANOS = 2_000_000_000L;

    @Override
    public CheckCard card() {
        return CheckCard.of("S4", "Garbage, empty lines, an endless head")
                .costs(4, 4)
                .observes("Whether nonsense, an empty line before a request, and a head of 1 MB"
                        + " are answered by 4xx and a close, an RST, or silence.")
                .matters("Port scanners and broken clients send this all the time; silence costs a connection each"
                        + " time, and an unbounded head costs memory.")
                .order("Each is sent completely and on its own connection, so that there is nothing more to wait for.")
                .sources("RFC 9112 §2.2 (empty line)", "RFC 9112 §3", "RFC 6585 §5 (431)");
    }

    @Override
    public Finding observe(Probe probe) throws Unreachable {
        List<Finding> all = List.of(
                refused(probe, "garbage", "\u0001\u0002tcplab garbage\r\n\r\n"),
                refused(probe, "no version", "GET\r\n\r\n"),
                emptyLine(probe),
                longHead(probe));
        Finding worst = all.getFirst();
        List<String> observed = new ArrayList<>();
        List<String> sentences = new ArrayList<>();
        for (Finding each : all) {
            observed.add(each.observed());
            sentences.add(each.sentence());
            worst = each.verdict().compareTo(worst.verdict()) < 0 ? each : worst;
        }
        return new Finding(worst.verdict(), String.join("; ", observed), String.join("; ", sentences), worst.advice());
    }

    private static Finding refused(Probe probe, String what, String bytes) throws Unreachable {
        Contact contact = probe.open();
        var _ = contact.send(bytes);
        return ended(probe, what, contact, true);
    }

    /** {@code read} is whether the server can have read all: otherwise it is chance whether its FIN or an RST is seen behind its answer. */
    private static Finding ended(Probe probe, String what, Contact contact, boolean read) {
        long began = System.nanoTime();
        Answer answer = contact.answer(probe.limit(ANSWERS_NANOS));
        Heard end = answer.last()
                .filter(Heard::isEnd)
                .orElseGet(() -> contact.ending(ANSWERS_NANOS).heard());
        contact.abort();
        String status = answer.status() > 0 ? answer.status() + ", " : "";
        String words = what + ": " + status + end.words();
        probe.note(words);
        boolean silent = status.isEmpty() && !end.isEnd();
        boolean chance = !read && !status.isEmpty() && end.isEnd();
        String observed = chance ? what + ": " + status + "closed" : words;
        if (answer.status() >= 200 && answer.status() < 300) {
            return Finding.unusual(
                    observed,
                    words,
                    "The server answers what is no request; a proxy in front may see another request than the server does.");
        }
        return silent
                ? Finding.unusual(
                        what + ": silence",
                        what + ": no answer and no close within " + Probe.seconds(System.nanoTime() - began),
                        "Answer 400 and close: until the timeout each port scan holds a connection.")
                : Finding.asExpected(observed, words);
    }

    private static Finding emptyLine(Probe probe) throws Unreachable {
        Contact contact = probe.open();
        var _ = contact.send("\r\n" + probe.subject().get("Connection: close"));
        Answer answer = contact.answer(probe.limit(ANSWERS_NANOS));
        String end = answer.last().map(Heard::words).orElse("no HTTP");
        String words = "empty line first: " + (answer.status() > 0 ? answer.status() : end);
        contact.abort();
        probe.note(words);
        boolean ignored = answer.status() == probe.baseline().answer().status();
        return new Finding(
                CheckVerdict.AS_EXPECTED, words, words + (ignored ? "" : " (RFC 9112 §2.2: should be ignored)"), "");
    }

    private static Finding longHead(Probe probe) throws Unreachable {
        Contact contact = probe.open();
        Contact.Sent sent = contact.send("GET " + probe.subject().path() + " HTTP/1.1\r\nHost: "
                + probe.subject().asked() + "\r\nX-Long: ");
        String piece = "x".repeat(PIECE);
        int bytes = 0;
        while (sent.ok() && bytes < LONG_HEAD && !contact.arrived(0)) {
            sent = contact.send(piece);
            bytes += PIECE;
        }
        probe.note("a head of " + bytes + " bytes: " + sent.errno());
        return ended(probe, "head of 1 MB", contact, false);
    }
}
