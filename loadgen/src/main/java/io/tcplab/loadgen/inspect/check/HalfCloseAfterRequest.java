package io.tcplab.loadgen.inspect.check;

import io.tcplab.loadgen.inspect.Answer;
import io.tcplab.loadgen.inspect.Check;
import io.tcplab.loadgen.inspect.CheckCard;
import io.tcplab.loadgen.inspect.Contact;
import io.tcplab.loadgen.inspect.Finding;
import io.tcplab.loadgen.inspect.Heard;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.Unreachable;

/** C3: the client ends its direction after the request. */
public final class HalfCloseAfterRequest implements Check {

    private static final int TIMES = 5;
    private static final long ANSWERS_NANOS = 3_000_000_000L;

    @Override
    public CheckCard card() {
        return CheckCard.of("C3", "A half-close right after the request")
                .costs(TIMES, TIMES)
                .speaks(CheckCard.Speaks.REQUESTS)
                .observes(
                        "Whether the response arrives completely if the client's FIN follows its request, and when the"
                                + " server closes.")
                .matters("Some clients and load balancers finish their direction after a request; a"
                        + " server that takes the FIN for a broken client drops the answer.")
                .order(
                        "The FIN is behind the request in the same direction, so the server has the whole request when it sees it.")
                .sources("ioxide#164", "vanilla#103", "http-core#22", "RFC 9293 §3.6", "RFC 9112 §9.6");
    }

    @Override
    public Finding observe(Probe probe) throws Unreachable {
        Finding worst = Finding.notObserved("nothing", "no request was sent");
        int whole = 0;
        for (int i = 0; i < TIMES; i++) {
            Finding each = once(probe);
            boolean answered = !each.verdict().isFinding() || each.observed().startsWith("answers");
            whole += answered ? 1 : 0;
            worst = i == 0 || each.verdict().compareTo(worst.verdict()) < 0 ? each : worst;
        }
        probe.figure("wholeResponses", whole);
        return new Finding(
                worst.verdict(),
                worst.observed(),
                worst.sentence() + " (" + whole + " of " + TIMES + " answered)",
                worst.advice());
    }

    private static Finding once(Probe probe) throws Unreachable {
        Contact contact = probe.openToAsk();
        Answer answer = probe.ask(
                contact,
                () -> {
                    var _ = contact.finish();
                },
                probe.limit(ANSWERS_NANOS));
        probe.note("request and FIN: " + answer.words());
        if (!answer.came()) {
            contact.abort();
            return dropped(answer);
        }
        Contact.Ending ending = contact.ending(ANSWERS_NANOS);
        long took = ending.heard().atNanos() - answer.lastNanos();
        return switch (ending.heard()) {
            case Heard.Fin _ -> {
                probe.time("closedAfterSeconds", took);
                yield Finding.asExpected(
                        "answers, then closes by FIN", "answered whole, then FIN after " + Probe.seconds(took));
            }
            case Heard.Reset _ ->
                Finding.unusual(
                        "answers, then resets",
                        "answered whole, then RST after " + Probe.seconds(took),
                        "The RST may overtake the response where the client reads slowly.");
            case Heard.Data _, Heard.Silence _ -> {
                contact.abort();
                yield Finding.unusual(
                        "answers and stays open",
                        "answered whole, and did not close within 3 s though our FIN had come",
                        "It is in CLOSE_WAIT until its idle timeout: a descriptor for each such client.");
            }
        };
    }

    private static Finding dropped(Answer answer) {
        String how = answer.status() > 0
                ? "the response is cut"
                : answer.last().map(Heard::words).orElse("no HTTP") + " without an answer";
        return Finding.harmful(
                how,
                "a request that is followed by a FIN is answered by " + answer.words(),
                "The server must read to the end of the stream and still answer; behind a proxy,"
                        + " let the proxy hold its side open until it has the response.");
    }
}
