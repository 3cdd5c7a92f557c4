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

/** S6: requests that two servers may understand in two ways. */
public final class AmbiguousRequests implements Check {

    private static final long ANSWERS_NANOS = 1_000_000_000L;

    /**
     * A request that two servers may understand in two ways.
     *
     * @param what in words
     * @param mustRefuse where specifications leave no choice; otherwise it is enough to close behind the response
     * @param framing whether it is unclear where the request ends, and so where the next one begins
     * @param fields what is added to a plain POST
     * @param body what follows
     */
    private record Ambiguity(String what, boolean mustRefuse, boolean framing, String fields, String body) {}

    private static final List<Ambiguity> ALL = List.of(
            new Ambiguity("two different lengths", true, true, "Content-Length: 0\r\nContent-Length: 6\r\n", "tcplab"),
            new Ambiguity(
                    "length and chunked",
                    false,
                    true,
                    "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n",
                    "0\r\n\r\n"),
            new Ambiguity("blank before the colon", true, true, "Content-Length : 6\r\n", "tcplab"),
            new Ambiguity("length with a sign", true, true, "Content-Length: +6\r\n", "tcplab"),
            new Ambiguity("two Host fields", true, false, "Host: tcplab.invalid\r\nContent-Length: 6\r\n", "tcplab"));

    @Override
    public CheckCard card() {
        return CheckCard.of("S6", "Ambiguous requests")
                .costs(ALL.size() + 1, ALL.size() + 1)
                .observes("Whether the server refuses requests whose length or host another server may understand"
                        + " differently.")
                .matters("Behind a proxy that reads such a request differently, its rest"
                        + " becomes another client's request: request smuggling.")
                .order("A plain POST shows the usual status; each ambiguous one differs from it in one field only.")
                .sources(
                        "RFC 9112 §6.3, §5.1, §11.2",
                        "RFC 9110 §8.6",
                        "portswigger.net/web-security/request-smuggling");
    }

    @Override
    public Finding observe(Probe probe) throws Unreachable {
        int usual = ask(probe, "Content-Length: 6\r\n", "tcplab").status;
        probe.note("plain POST: " + usual);
        if (usual == 0) {
            return Finding.notObserved(
                    "a plain POST is not answered", "a plain POST is not answered, so nothing differs from it");
        }
        List<String> taken = new ArrayList<>();
        boolean smuggles = false;
        for (Ambiguity each : ALL) {
            Asked asked = ask(probe, each.fields, each.body);
            probe.note(each.what + ": " + (asked.status == 0 ? "no answer" : asked.status)
                    + (asked.open ? ", stays open" : ", closed"));
            if (takes(each, asked, usual)) {
                taken.add(each.what);
                smuggles |= each.framing && asked.open;
            }
        }
        if (taken.isEmpty()) {
            return Finding.asExpected(
                    "refused", "all of " + ALL.size() + " ambiguous requests are refused, or answered and closed");
        }
        String words = String.join(", ", taken);
        return new Finding(
                smuggles ? CheckVerdict.HARMFUL : CheckVerdict.UNUSUAL,
                "taken: " + words,
                "answered as if they were clear: " + words,
                "Put no proxy before this server that passes such requests on: it has to normalise or refuse them.");
    }

    /** Whether it was answered like a plain one. Where it is closed behind an error, nothing can be smuggled. */
    private static boolean takes(Ambiguity ambiguity, Asked asked, int usual) {
        boolean refused = asked.status == 0 || (asked.status >= 400 && asked.status != usual);
        return !refused && (asked.open || (ambiguity.mustRefuse && usual < 400));
    }

    private record Asked(int status, boolean open) {}

    private static Asked ask(Probe probe, String fields, String body) throws Unreachable {
        Contact contact = probe.open();
        String head = probe.subject().request("POST", probe.subject().path());
        var _ = contact.send(head.substring(0, head.length() - 2) + fields + "\r\n" + body);
        Answer answer = contact.answer(probe.limit(ANSWERS_NANOS));
        Heard end = answer.last()
                .filter(Heard::isEnd)
                .orElseGet(() -> contact.ending(ANSWERS_NANOS / 2).heard());
        contact.abort();
        // Behind an announced close it reads no further request, though it may read on before it closes.
        return new Asked(answer.status(), !end.isEnd() && !answer.announcesClose());
    }
}
