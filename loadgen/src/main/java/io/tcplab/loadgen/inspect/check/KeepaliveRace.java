package io.tcplab.loadgen.inspect.check;

import io.tcplab.loadgen.inspect.Answer;
import io.tcplab.loadgen.inspect.Check;
import io.tcplab.loadgen.inspect.CheckCard;
import io.tcplab.loadgen.inspect.CheckCard.Pace;
import io.tcplab.loadgen.inspect.CheckResult;
import io.tcplab.loadgen.inspect.CheckVerdict;
import io.tcplab.loadgen.inspect.Contact;
import io.tcplab.loadgen.inspect.Finding;
import io.tcplab.loadgen.inspect.Heard;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.Unreachable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** I2: a request that crosses the idle close. */
public final class KeepaliveRace implements Check {

    private static final int AROUND = 32;
    private static final double STEP_MILLIS = 0.25;
    private static final double[] EARLIER_MILLIS = {-1000, -500, -300, -200, -100, -70, -40, -20};
    private static final double WIDE_MILLIS = 50;
    private static final int LEAST_WIDE = 2;
    private static final double SHORTEST_SECONDS = 0.2;

    private enum Fate {
        ANSWERED,
        CLOSED_BEFORE,
        LOST,
        SILENT
    }

    /**
     * One request.
     *
     * @param sentMillis when it was sent, from the timeout of I1
     * @param earliestMillis the same, had the timeout begun as early as it can have: when the first request was sent
     * @param fate what became of it
     * @param endedMillis how long after it was sent the connection's end was seen, where it is lost
     * @param how in words
     */
    private record Shot(double sentMillis, double earliestMillis, Fate fate, double endedMillis, String how) {

        /** Lost though it was sent long before the server can have closed, and long before the end was seen. */
        boolean wide() {
            return fate == Fate.LOST && endedMillis >= WIDE_MILLIS && earliestMillis <= -WIDE_MILLIS;
        }
    }

    @Override
    public CheckCard card() {
        return CheckCard.of("I2", "The keep-alive race")
                .pace(Pace.LAST)
                .costs(2 * (AROUND + EARLIER_MILLIS.length), 4 * (AROUND + EARLIER_MILLIS.length))
                .speaks(CheckCard.Speaks.REQUESTS)
                .observes(
                        "Which requests are lost that are sent around the idle timeout of I1, and how wide the window is.")
                .matters("A request that crosses the server's FIN is answered by an RST; the"
                        + " client does not know whether it was carried out.")
                .order(
                        "Forty idle connections each send one request, at moments from 1 s before the timeout to 4 ms after it.")
                .sources("aiohttp#13283", "hyper#3553", "RFC 9112 §9.3.1");
    }

    @Override
    public Finding observe(Probe probe) throws Unreachable {
        Optional<Double> idle =
                probe.earlier("I1").map(CheckResult::times).map(times -> times.get("closedAfterSeconds"));
        if (idle.isEmpty() || idle.get() < SHORTEST_SECONDS) {
            return Finding.notObserved(
                    "no idle timeout to aim at",
                    idle.isEmpty() ? "I1 saw no idle timeout to aim at" : "the idle timeout is too short to aim at");
        }
        List<Shot> shots = round(probe, idle.get());
        if (wide(shots)) {
            // Once may be an accident of this machine's timing: it has to be so again.
            shots = round(probe, idle.get());
        }
        return judged(probe, shots);
    }

    /** One alone may be one that this side sent or saw late. */
    private static boolean wide(List<Shot> shots) {
        return shots.stream().filter(Shot::wide).count() >= LEAST_WIDE;
    }

    /** How long the server went on without reading before it closed: from the sending of a lost request to the connection's end. */
    private static double widest(List<Shot> shots) {
        return shots.stream()
                .filter(each -> each.fate == Fate.LOST)
                .mapToDouble(Shot::endedMillis)
                .max()
                .orElse(0);
    }

    private static Finding judged(Probe probe, List<Shot> shots) {
        List<Shot> lost = shots.stream()
                .filter(each -> each.fate == Fate.LOST)
                .sorted(Comparator.comparingDouble(Shot::sentMillis))
                .toList();
        probe.figure(
                "sent",
                shots.stream().filter(each -> each.fate != Fate.CLOSED_BEFORE).count());
        probe.figure(
                "answered",
                shots.stream().filter(each -> each.fate == Fate.ANSWERED).count());
        probe.figure("lost", lost.size());
        shots.stream()
                .filter(each -> each.fate != Fate.CLOSED_BEFORE)
                .sorted(Comparator.comparingDouble(Shot::sentMillis))
                .forEach(each -> probe.note(String.format(
                        Locale.ROOT,
                        "sent %+.2f ms from the timeout: %s%s",
                        each.sentMillis,
                        each.how,
                        each.fate == Fate.LOST
                                ? String.format(Locale.ROOT, ", %.1f ms later", each.endedMillis)
                                : "")));
        if (lost.isEmpty()) {
            return Finding.asExpected(
                    "narrow", "none of " + shots.size() + " requests around the idle timeout was lost");
        }
        probe.time("lostWindowSeconds", (long) (widest(shots) * 1e6));
        String sentence = String.format(
                Locale.ROOT,
                "%d of %d requests around the idle timeout were lost, each sent at most %.1f ms before the end was seen (%s)",
                lost.size(),
                shots.size(),
                widest(shots),
                lost.getFirst().how);
        String advice = "Let clients and proxies close idle connections earlier than the server does,"
                + " by more than a round trip, and retry idempotent requests.";
        return wide(shots)
                ? Finding.harmful(
                        "wide",
                        sentence,
                        advice + " A window this wide means that the server stops reading long before it closes.")
                : new Finding(CheckVerdict.AS_EXPECTED, "narrow", sentence, advice);
    }

    private static List<Shot> round(Probe probe, double idleSeconds) throws Unreachable {
        List<Double> aims = new ArrayList<>();
        for (double each : EARLIER_MILLIS) {
            if (each > -idleSeconds * 1000 + 50) {
                aims.add(each);
            }
        }
        for (int i = 0; i < AROUND; i++) {
            aims.add((i - AROUND / 2) * STEP_MILLIS);
        }
        List<Contact> contacts = new ArrayList<>();
        for (double _ : aims) {
            contacts.add(probe.openToAsk());
        }
        List<Shot> shots = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(
                aims.size(),
                Thread.ofPlatform().daemon(true).name("inspect-race-", 0).factory())) {
            for (int i = 0; i < aims.size(); i++) {
                Contact contact = contacts.get(i);
                double aim = aims.get(i);
                threads.execute(() -> {
                    Shot shot = shoot(probe, contact, idleSeconds, aim);
                    synchronized (shots) {
                        shots.add(shot);
                    }
                });
            }
        }
        return shots;
    }

    private static Shot shoot(Probe probe, Contact contact, double idleSeconds, double aimMillis) {
        long beforeNanos = System.nanoTime();
        Answer first = probe.ask(contact);
        if (!first.came()) {
            return new Shot(aimMillis, aimMillis, Fate.SILENT, 0, "no first response");
        }
        long idleNanos = (long) (idleSeconds * 1e9);
        long zero = first.lastNanos() + idleNanos;
        long earliest = beforeNanos + idleNanos;
        // The early ones need not be exact, but have to be early even where this side has read the response late.
        long at = (aimMillis <= -WIDE_MILLIS ? earliest : zero) + (long) (aimMillis * 1e6);
        // poll(2) counts whole milliseconds; the last part is waited for by looking again and again.
        Heard before = contact.hear(at - 1_500_000);
        while (before instanceof Heard.Silence && System.nanoTime() < at) {
            before = contact.hear(0);
        }
        if (!(before instanceof Heard.Silence)) {
            return new Shot(aimMillis, aimMillis, Fate.CLOSED_BEFORE, 0, before.words() + " before it was sent");
        }
        long[] sentNanos = {System.nanoTime()};
        Answer answer = probe.ask(contact, () -> sentNanos[0] = System.nanoTime(), Contact.PATIENCE_NANOS);
        contact.abort();
        double sentMillis = (sentNanos[0] - zero) / 1e6;
        double earliestMillis = (sentNanos[0] - earliest) / 1e6;
        if (answer.came()) {
            return new Shot(sentMillis, earliestMillis, Fate.ANSWERED, 0, answer.words());
        }
        Heard end = answer.last().filter(Heard::isEnd).orElse(null);
        return end == null
                ? new Shot(sentMillis, earliestMillis, Fate.SILENT, 0, answer.words())
                : new Shot(sentMillis, earliestMillis, Fate.LOST, (end.atNanos() - sentNanos[0]) / 1e6, answer.words());
    }
}
