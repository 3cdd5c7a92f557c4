package io.tcplab.loadgen.inspect.check;

import io.tcplab.loadgen.inspect.Answer;
import io.tcplab.loadgen.inspect.Check;
import io.tcplab.loadgen.inspect.CheckCard;
import io.tcplab.loadgen.inspect.Contact;
import io.tcplab.loadgen.inspect.Finding;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.Unreachable;

/** S5: a client that asks before it uploads. */
public final class ExpectContinue implements Check {

    private static final long WAITS_NANOS = 1_000_000_000L;
    private static final String BODY = "tcplab";
    private static final String SILENCE = "silence until the body";
    private static final int TIMES = 3;
    private static final int TIMED_OUT = 408;

    @Override
    public CheckCard card() {
        return CheckCard.of("S5", "Expect: 100-continue")
                .costs(TIMES, TIMES)
                .observes("Whether an upload that asks first gets 100, a final status, or silence.")
                .matters("curl and others wait a second for 100 before they send a body: if it never comes, each upload"
                        + " takes a second longer.")
                .order("The body is held back for a second, so that an answer before it can only be one to the head"
                        + " (but not a 408, which ends the wait for the body). Silence must be seen"
                        + " three times.")
                .sources("RFC 9110 §10.1.1", "curl(1), --expect100-timeout");
    }

    @Override
    public Finding observe(Probe probe) throws Unreachable {
        Finding finding = onNewConnection(probe);
        // Once may be an accident of this machine's timing: it has to be so again.
        for (int i = 1; i < TIMES && finding.observed().equals(SILENCE); i++) {
            finding = onNewConnection(probe);
        }
        return finding;
    }

    private static Finding onNewConnection(Probe probe) throws Unreachable {
        try (Contact contact = probe.open()) {
            return once(probe, contact);
        }
    }

    private static Finding once(Probe probe, Contact contact) {
        var _ = contact.send(probe.subject()
                .request(
                        "POST",
                        probe.subject().path(),
                        "Content-Type: text/plain",
                        "Content-Length: " + BODY.length(),
                        "Expect: 100-continue"));
        long began = System.nanoTime();
        if (!contact.arrived(probe.limit(WAITS_NANOS))) {
            var _ = contact.send(BODY);
            Answer answer = contact.answer();
            return silent("no answer to the head within " + Probe.seconds(probe.limit(WAITS_NANOS))
                    + "; after the body " + answer.words());
        }
        long took = System.nanoTime() - began;
        // The 100 is whole before anything else can come: the body has not been sent.
        Answer first = contact.answer(WAITS_NANOS / 5);
        if (first.status() == 0 && first.interim().contains(100)) {
            var _ = contact.send(BODY);
            Answer answer = contact.answer();
            return Finding.asExpected(
                    "100, then a final status", "100 after " + Probe.seconds(took) + ", then " + answer.words());
        }
        probe.note("answered before the body: " + first.words());
        if (first.status() == TIMED_OUT && !first.interim().contains(100)) {
            return silent("no answer to the head but " + first.words() + ", after " + Probe.seconds(took));
        }
        // Its body may take longer than this wait.
        return first.status() > 0
                ? Finding.asExpected(
                        first.interim().contains(100)
                                ? "100 and a final status before the body"
                                : "a final status before the body",
                        first.status() + " before the body, after " + Probe.seconds(took))
                : Finding.unusual(
                        "no answer",
                        "a request with Expect: 100-continue is answered by " + first.words(),
                        "Answer 417 or ignore the expectation.");
    }

    private static Finding silent(String sentence) {
        return Finding.unusual(
                SILENCE,
                sentence,
                "The server must answer 100 or a final status (RFC 9110 §10.1.1); clients"
                        + " can be configured not to ask (curl -H 'Expect:').");
    }
}
