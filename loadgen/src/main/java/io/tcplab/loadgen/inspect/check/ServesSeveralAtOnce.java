package io.tcplab.loadgen.inspect.check;

import io.tcplab.loadgen.inspect.Answer;
import io.tcplab.loadgen.inspect.Check;
import io.tcplab.loadgen.inspect.CheckCard;
import io.tcplab.loadgen.inspect.Contact;
import io.tcplab.loadgen.inspect.Finding;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.Unreachable;
import java.util.ArrayList;
import java.util.List;

/** B3: several connections at once. */
public final class ServesSeveralAtOnce implements Check {

    private static final int CONNECTIONS = 20;
    private static final String HELD_UP = "handshakes are held up";
    private static final String ONE_AT_A_TIME = "one at a time";
    private static final int BETWEEN_MILLIS = 3;
    private static final int BETWEEN_AGAIN_MILLIS = 50;
    private static final long SLOW_HANDSHAKE_NANOS = 900_000_000L;
    private static final long ANSWERS_NANOS = 2_000_000_000L;

    @Override
    public CheckCard card() {
        return CheckCard.of("B3", "Several connections at once")
                .speaks(CheckCard.Speaks.ANYTHING)
                .costs(2 * CONNECTIONS + 2, 3)
                .observes("Whether silent connections hold up others, and how long handshakes take meanwhile.")
                .matters("A server that serves one connection at a time is stopped by one client that says nothing.")
                .order(
                        "Nineteen connections say nothing; the request of the twentieth can be held up only by them. Where it"
                                + " is, it is asked again beside one.")
                .sources("agentmail-mcp#46", "logstash-input-lumberjack#83", "listen(2)");
    }

    @Override
    public Finding observe(Probe probe) throws Unreachable {
        probe.witness().ifPresent(witness -> witness.listeners().forEach(each -> probe.note(witness.words(each))));
        Finding finding = once(probe, CONNECTIONS - 1, BETWEEN_MILLIS);
        if (finding.verdict().isFinding()) {
            // Once may be an accident of this machine's timing: it has to be so again, and with more time between them.
            finding = once(probe, CONNECTIONS - 1, BETWEEN_AGAIN_MILLIS);
        }
        // One with a few threads or processes is held up by as many clients, and one without by the first.
        return finding.observed().equals(ONE_AT_A_TIME)
                        && !once(probe, 1, BETWEEN_MILLIS).observed().equals(ONE_AT_A_TIME)
                ? new Finding(
                        finding.verdict(),
                        "a few at a time",
                        finding.sentence() + "; beside one it is answered",
                        finding.advice())
                : finding;
    }

    private static Finding once(Probe probe, int beside, int betweenMillis) throws Unreachable {
        List<Contact> silent = new ArrayList<>();
        try {
            long slowest = 0;
            for (int i = 0; i < beside; i++) {
                Contact contact = probe.openPlain(_ -> {});
                silent.add(contact);
                pause(betweenMillis);
                slowest = Math.max(slowest, contact.connectNanos());
            }
            probe.time("slowestConnectSeconds", slowest);
            return probe.subject().answers() ? asked(probe, beside, slowest) : taken(slowest, "takes several at once");
        } catch (Unreachable e) {
            if (silent.isEmpty() || probe.interrupted()) {
                throw e;
            }
            // They have filled a short accept queue: who serves each by itself empties it.
            return heldUp(silent.size(), "a further one could not be opened: " + e.getMessage());
        } finally {
            silent.forEach(Contact::abort);
        }
    }

    private static Finding asked(Probe probe, int beside, long slowest) {
        long limit = probe.limit(ANSWERS_NANOS);
        Contact last;
        try {
            last = probe.openToAsk();
        } catch (Unreachable e) {
            return heldUp(beside, String.valueOf(e.getMessage()));
        }
        Answer answer = probe.ask(last, () -> {}, limit);
        last.abort();
        String words = "a request was answered by " + answer.words() + " within " + Probe.seconds(limit);
        probe.note("beside " + silent(beside) + " " + words);
        if (answer.came()) {
            probe.time("answerSeconds", answer.firstByteTookNanos());
            return taken(slowest, "serves several at once");
        }
        return heldUp(beside, words);
    }

    private static String silent(int connections) {
        return connections == 1 ? "one silent connection" : connections + " silent connections";
    }

    private static Finding heldUp(int beside, String words) {
        return Finding.harmful(
                ONE_AT_A_TIME,
                "beside " + silent(beside) + " " + words,
                "Serve each connection by itself (threads or an event loop), or put a proxy in front that buffers whole requests.");
    }

    private static Finding taken(long slowest, String observed) {
        if (slowest >= SLOW_HANDSHAKE_NANOS) {
            return Finding.unusual(
                    HELD_UP,
                    "a handshake took " + Probe.seconds(slowest) + ": about 1, 3 or 7 s are SYNs that were sent again",
                    "Compare the listener's accept queue (ss -ltn) and its listen() backlog with net.core.somaxconn.");
        }
        return Finding.asExpected(
                observed, CONNECTIONS + " connections at once, the slowest handshake " + Probe.seconds(slowest));
    }

    /** A burst would fill a short accept queue, which is another question. */
    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
