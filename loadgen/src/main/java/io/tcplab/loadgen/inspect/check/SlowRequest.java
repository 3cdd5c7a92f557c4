package io.tcplab.loadgen.inspect.check;

import io.tcplab.loadgen.inspect.Check;
import io.tcplab.loadgen.inspect.CheckCard;
import io.tcplab.loadgen.inspect.CheckCard.Pace;
import io.tcplab.loadgen.inspect.Contact;
import io.tcplab.loadgen.inspect.Finding;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.Unreachable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** S1: a request that comes slowly, or stops coming. */
public final class SlowRequest implements Check {

    private static final long STEP_NANOS = 500_000_000L;
    private static final long AT_ONCE_NANOS = 100_000_000L;

    /** How a request is slow: what is sent at once, and what follows byte by byte; empty where nothing does. */
    private enum Slowness {
        HEAD("slow head", "headSeconds"),
        BODY_STALLS("body that stops", "bodyStopsSeconds"),
        BODY("slow body", "bodySeconds");

        private final String words;
        private final String time;

        Slowness(String words, String time) {
            this.words = words;
            this.time = time;
        }
    }

    private record Outcome(Slowness slowness, Contact.Ending ending, long tookNanos, Finding finding) {}

    @Override
    public CheckCard card() {
        return CheckCard.of("S1", "A slow request")
                .pace(Pace.PATIENT)
                .costs(3, 3)
                .observes("After how long, and how, a request is cut off if its head or its body comes a byte each half"
                        + " second, or if its body stops.")
                .matters("Without a limit, a few hundred slow clients occupy every worker; with a low one, phones on"
                        + " bad networks lose their uploads.")
                .order(
                        "Each is on a connection of its own; the server can end it only by a timeout, as nothing in it is wrong.")
                .sources(
                        "slowloris",
                        "slowhttptest",
                        "nginx client_header_timeout, client_body_timeout",
                        "RFC 9110 §15.5.9 (408)");
    }

    @Override
    public Finding observe(Probe probe) throws Unreachable {
        Map<Slowness, Contact> contacts = new EnumMap<>(Slowness.class);
        probe.awaitTurns(Slowness.values().length);
        // The slow head comes last: its time may run from the connection's beginning on, and a handshake takes time.
        for (Slowness each : List.of(Slowness.BODY, Slowness.BODY_STALLS, Slowness.HEAD)) {
            contacts.put(each, probe.open());
        }
        List<Outcome> outcomes = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(
                contacts.size(),
                Thread.ofPlatform().daemon(true).name("inspect-slow-", 0).factory())) {
            contacts.forEach((slowness, contact) -> threads.execute(() -> {
                Outcome outcome = slowly(probe, contact, slowness);
                synchronized (outcomes) {
                    outcomes.add(outcome);
                }
            }));
        }
        outcomes.sort(Comparator.comparing(Outcome::slowness));
        return judged(probe, outcomes);
    }

    private static Finding judged(Probe probe, List<Outcome> outcomes) {
        List<String> observed = new ArrayList<>();
        List<String> sentences = new ArrayList<>();
        Finding worst = outcomes.getFirst().finding;
        for (Outcome each : outcomes) {
            if (each.ending.heard().isEnd() && !early(each)) {
                probe.time(each.slowness.time, each.tookNanos);
            }
            observed.add(each.slowness.words + ": " + each.finding.observed());
            sentences.add(each.finding.sentence());
            worst = each.finding.verdict().compareTo(worst.verdict()) < 0 ? each.finding : worst;
        }
        return new Finding(worst.verdict(), String.join("; ", observed), String.join("; ", sentences), worst.advice());
    }

    /** A status other than 408 is no timeout, nor is a close at once: the server has dealt with the head before the body had come. */
    private static boolean early(Outcome outcome) {
        String status = TimedOut.status(outcome.ending);
        boolean done = status.isEmpty()
                ? outcome.ending.heard().isEnd() && outcome.tookNanos < AT_ONCE_NANOS
                : !status.equals("408");
        return outcome.slowness != Slowness.HEAD && done;
    }

    private static Finding early(Slowness slowness, Contact.Ending ending) {
        String status = TimedOut.status(ending);
        return status.isEmpty()
                ? Finding.notObserved(
                        "closed at once",
                        slowness.words + ": " + ending.heard().words() + " at once, before the body had come")
                : Finding.notObserved(
                        "answered early", slowness.words + ": answered by " + status + " before the body had come");
    }

    private static Outcome slowly(Probe probe, Contact contact, Slowness slowness) {
        long began = System.nanoTime();
        long deadline = began + probe.subject().patienceNanos();
        String start = slowness == Slowness.HEAD
                ? "GET " + probe.subject().path() + " HTTP/1.1\r\nHost: "
                        + probe.subject().asked() + "\r\nX-Slow: "
                : probe.subject().request("POST", probe.subject().path(), "Content-Length: 100000") + "x";
        var _ = contact.send(start);
        Contact.Ending ending = contact.ending(Math.min(STEP_NANOS, deadline - System.nanoTime()));
        StringBuilder text = new StringBuilder(ending.text());
        while (!ending.heard().isEnd()
                && System.nanoTime() < deadline
                && !probe.interrupted()
                && (slowness == Slowness.HEAD || text.isEmpty() || TimedOut.says408(text))) {
            // Behind an answer the server has only to close: a byte more could make that an RST.
            if (slowness != Slowness.BODY_STALLS && text.isEmpty()) {
                var _ = contact.send("x");
            }
            ending = contact.ending(Math.min(STEP_NANOS, deadline - System.nanoTime()));
            text.append(ending.text());
        }
        Contact.Ending whole = new Contact.Ending(ending.heard(), text.length(), text.toString());
        long took = ending.heard().atNanos() - began;
        contact.abort();
        Outcome outcome = new Outcome(slowness, whole, took, Finding.notObserved("", ""));
        Finding finding =
                early(outcome) ? early(slowness, whole) : TimedOut.finding(probe, whole, took, slowness.words);
        return new Outcome(slowness, whole, took, finding);
    }
}
