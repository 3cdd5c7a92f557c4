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

    /** What is observed of a server that any silent client holds up. */
    static final String ONE_AT_A_TIME = "one at a time";

    private static final String REFUSES = "refuses further connections";
    private static final int BETWEEN_MILLIS = 3;
    private static final int BETWEEN_AGAIN_MILLIS = 50;
    private static final long SLOW_HANDSHAKE_NANOS = 900_000_000L;
    private static final long ANSWERS_NANOS = 2_000_000_000L;
    private static final long ENDS_NANOS = 200_000_000L;
    private static final long LOOK_NANOS = 1_000_000L;

    @Override
    public CheckCard card() {
        return CheckCard.of("B3", "Several connections at once")
                .speaks(CheckCard.Speaks.ANYTHING)
                .costs(2 * CONNECTIONS + 2, 3)
                .observes("Whether silent connections hold up others, and how long handshakes take meanwhile.")
                .matters("A server that serves one connection at a time is stopped by one client that says nothing.")
                .order("Nineteen connections say nothing; the request of the twentieth can be held up only by them. If"
                        + " it is, it is repeated beside one silent connection.")
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
        if (!finding.observed().equals(ONE_AT_A_TIME) && !finding.observed().equals(REFUSES)) {
            return finding;
        }
        // One with a few threads or processes is held up by as many clients, and one without by the first. Where
        // net.ipv4.tcp_abort_on_overflow is set, a full accept queue refuses, too.
        Finding besideOne = once(probe, 1, BETWEEN_MILLIS);
        if (besideOne.observed().equals(ONE_AT_A_TIME)) {
            return finding.observed().equals(ONE_AT_A_TIME) ? finding : besideOne;
        }
        return finding.observed().equals(ONE_AT_A_TIME)
                ? new Finding(
                        finding.verdict(),
                        "a few at a time",
                        finding.sentence() + "; beside one it is answered",
                        finding.advice())
                : finding;
    }

    private static Finding once(Probe probe, int beside, int betweenMillis) throws Unreachable {
        List<Contact> silent = new ArrayList<>();
        long began = System.nanoTime();
        try {
            long slowest = 0;
            for (int i = 0; i < beside; i++) {
                probe.awaitTurn();
                began = System.nanoTime();
                Contact contact = probe.openPlain(_ -> {});
                silent.add(contact);
                pause(betweenMillis);
                slowest = Math.max(slowest, contact.connectNanos());
            }
            probe.time("slowestConnectSeconds", slowest);
            return probe.subject().answers() ? asked(probe, silent, slowest) : taken(slowest, "takes several at once");
        } catch (Unreachable e) {
            if (silent.isEmpty() || probe.interrupted()) {
                throw e;
            }
            // Otherwise they have filled a short accept queue: who serves each by itself empties it.
            String words = "a further one could not be opened: " + e.getMessage();
            return isQuick(probe, began) ? refused(probe, silent, words) : heldUp(silent.size(), words);
        } finally {
            silent.forEach(Contact::abort);
        }
    }

    private static Finding asked(Probe probe, List<Contact> silent, long slowest) {
        int beside = silent.size();
        long limit = probe.limit(ANSWERS_NANOS);
        probe.awaitTurn();
        long began = System.nanoTime();
        Contact last;
        try {
            last = probe.openToAsk();
        } catch (Unreachable e) {
            String words = String.valueOf(e.getMessage());
            return isQuick(probe, began) ? refused(probe, silent, words) : heldUp(beside, words);
        }
        Answer answer = probe.ask(last, () -> {}, limit);
        boolean ends = !answer.came()
                && answer.last()
                        .orElseGet(() -> last.ending(ENDS_NANOS).heard())
                        .isEnd();
        last.abort();
        String words = "a request was answered by " + answer.words() + " within " + Probe.seconds(limit);
        probe.note("beside " + silent(beside) + " " + words);
        if (answer.came()) {
            probe.time("answerSeconds", answer.firstByteTookNanos());
            return taken(slowest, "serves several at once");
        }
        return ends ? refused(probe, silent, words) : heldUp(beside, words);
    }

    /** Whoever waits in a queue hears nothing: what ends a connection before that is a limit. */
    private static boolean isQuick(Probe probe, long beganNanos) {
        return System.nanoTime() - beganNanos < probe.limit(ANSWERS_NANOS);
    }

    /** Closed at once: a limit of connections, of a process or of an address, and nobody who is held up. */
    private static Finding refused(Probe probe, List<Contact> silent, String words) {
        long open = silent.stream()
                .filter(each -> !each.ending(LOOK_NANOS).heard().isEnd())
                .count();
        probe.figure("silentStayOpen", open);
        return Finding.unusual(
                REFUSES,
                "beside " + silent(silent.size()) + ", of which " + open + " stayed open, " + words,
                "Look for a limit of connections (of the process, or of one address: clients behind one NAT share it),"
                        + " and compare it with what load balancers and pools of connections keep open.");
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
