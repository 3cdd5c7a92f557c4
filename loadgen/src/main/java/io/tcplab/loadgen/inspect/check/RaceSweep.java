package io.tcplab.loadgen.inspect.check;

import io.tcplab.loadgen.inspect.Answer;
import io.tcplab.loadgen.inspect.Contact;
import io.tcplab.loadgen.inspect.Heard;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.Unreachable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * Requests around a server's idle timeout, each on a connection of its own that was idle since its first response. The first round looks
 * from a second before the timeout to a moment after it; a second one aims where the first shows that the window begins.
 */
final class RaceSweep {

    /** How many connections a sweep opens at most. */
    static final int MOST = 35 + 24 + 16;

    private static final int AROUND = 24;
    private static final double STEP_MILLIS = 0.25;
    private static final double[] FURTHER_MILLIS = {-1000, -500, -300, -200, -100, -70, -40, -20, 8, 16, 40};
    private static final int BETWEEN = 16;
    private static final double COARSE_MILLIS = 1;
    private static final double EARLY_MILLIS = 50;
    private static final long WATCHED_NANOS = 1_500_000;
    private static final long AWAKE_NANOS = 150_000;
    private static final int RESET_FOLLOWS_MILLIS = 50;

    enum Fate {
        ANSWERED,
        CLOSED_BEFORE,
        LOST,
        SILENT
    }

    /**
     * One request.
     *
     * @param sentMillis when it was sent, or the close was seen before it was, from the timeout of I1
     * @param earliestMillis the same, had the timeout begun as early as it can have: when the first request was sent
     * @param fate what became of it
     * @param endedMillis how long after it was sent the connection's end was seen, where it is lost
     * @param unread whether an RST answered it where it is lost: the server had closed and has not read it
     * @param tripMillis how long the connection's handshake took, or its first response where that took longer
     * @param how in words
     */
    record Shot(
            double sentMillis,
            double earliestMillis,
            Fate fate,
            double endedMillis,
            boolean unread,
            double tripMillis,
            String how) {}

    private final Probe probe;
    private final double idleSeconds;
    private final List<Shot> shots = new ArrayList<>();

    private RaceSweep(Probe probe, double idleSeconds) {
        this.probe = probe;
        this.idleSeconds = idleSeconds;
    }

    /** Every request of a sweep. */
    static List<Shot> of(Probe probe, double idleSeconds) throws Unreachable {
        RaceSweep sweep = new RaceSweep(probe, idleSeconds);
        List<Double> first = new ArrayList<>();
        for (double each : FURTHER_MILLIS) {
            if (each > -idleSeconds * 1000 + 50) {
                first.add(each);
            }
        }
        first.addAll(around(0));
        sweep.round(first);
        if (sweep.lost().isEmpty()) {
            sweep.aimAtWhatWasSeen();
        }
        sweep.refine();
        return List.copyOf(sweep.shots);
    }

    private static List<Double> around(double centreMillis) {
        List<Double> aims = new ArrayList<>();
        for (int i = 0; i < AROUND; i++) {
            aims.add(centreMillis + (i - AROUND / 2) * STEP_MILLIS);
        }
        return aims;
    }

    private List<Shot> lost() {
        return shots.stream().filter(each -> each.fate == Fate.LOST).toList();
    }

    /** I1 saw the timeout once, and this machine may have seen it late: the closes of this round show where it is. */
    private void aimAtWhatWasSeen() throws Unreachable {
        List<Double> closes = shots.stream()
                .filter(each -> each.fate == Fate.CLOSED_BEFORE)
                .map(Shot::sentMillis)
                .sorted()
                .toList();
        if (!closes.isEmpty()) {
            round(around(closes.get(closes.size() / 2)));
        }
    }

    /** Where the window begins between two requests that are far apart, some more between them. */
    private void refine() throws Unreachable {
        double lost = lost().stream().mapToDouble(Shot::sentMillis).min().orElse(0);
        double answered = shots.stream()
                .filter(each -> each.fate == Fate.ANSWERED && each.sentMillis < lost)
                .mapToDouble(Shot::sentMillis)
                .max()
                .orElse(lost);
        if (lost - answered <= COARSE_MILLIS) {
            return;
        }
        List<Double> aims = new ArrayList<>();
        for (int i = 1; i <= BETWEEN; i++) {
            aims.add(answered + (lost - answered) * i / (BETWEEN + 1));
        }
        round(aims);
    }

    private void round(List<Double> aims) throws Unreachable {
        List<Contact> contacts = new ArrayList<>();
        for (double _ : aims) {
            contacts.add(probe.openToAsk());
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(
                aims.size(),
                Thread.ofPlatform().daemon(true).name("inspect-race-", 0).factory())) {
            for (int i = 0; i < aims.size(); i++) {
                Contact contact = contacts.get(i);
                double aim = aims.get(i);
                threads.execute(() -> add(shoot(contact, aim)));
            }
        }
        synchronized (shots) {
            shots.sort(Comparator.comparingDouble(Shot::sentMillis));
        }
    }

    private void add(Shot shot) {
        synchronized (shots) {
            shots.add(shot);
        }
    }

    private Shot shoot(Contact contact, double aimMillis) {
        long beforeNanos = System.nanoTime();
        Answer first = probe.ask(contact);
        double trip = Math.max(contact.connectNanos(), first.lastNanos() - beforeNanos) / 1e6;
        if (!first.came()) {
            return new Shot(aimMillis, aimMillis, Fate.SILENT, 0, false, Double.MAX_VALUE, "no first response");
        }
        long idleNanos = (long) (idleSeconds * 1e9);
        long zero = first.lastNanos() + idleNanos;
        long earliest = beforeNanos + idleNanos;
        // The early ones need not be exact, but have to be early even where this side has read the response late.
        long at = (aimMillis <= -EARLY_MILLIS ? earliest : zero) + (long) (aimMillis * 1e6);
        Heard before = waited(contact, at);
        if (!(before instanceof Heard.Silence)) {
            double seen = (before.atNanos() - zero) / 1e6;
            return new Shot(seen, seen, Fate.CLOSED_BEFORE, 0, false, trip, before.words() + " before it was sent");
        }
        long[] sentNanos = {System.nanoTime()};
        Answer answer = probe.ask(contact, () -> sentNanos[0] = System.nanoTime(), Contact.PATIENCE_NANOS);
        double sent = (sentNanos[0] - zero) / 1e6;
        double earlier = (sentNanos[0] - earliest) / 1e6;
        Heard end = answer.last().filter(Heard::isEnd).orElse(null);
        boolean unread = !answer.came()
                && end != null
                && (end instanceof Heard.Reset || contact.resetFollows(RESET_FOLLOWS_MILLIS + 2 * (int) trip));
        contact.abort();
        if (answer.came() || end == null) {
            return new Shot(sent, earlier, answer.came() ? Fate.ANSWERED : Fate.SILENT, 0, false, trip, answer.words());
        }
        double ended = (end.atNanos() - sentNanos[0]) / 1e6;
        return new Shot(sent, earlier, Fate.LOST, ended, unread, trip, answer.words());
    }

    /** What happens on an idle connection until this moment; poll(2) counts whole milliseconds, so the last two are slept and watched. */
    private static Heard waited(Contact contact, long atNanos) {
        Heard heard = contact.hear(atNanos - WATCHED_NANOS);
        while (heard instanceof Heard.Silence && System.nanoTime() < atNanos) {
            long left = atNanos - System.nanoTime();
            if (left > AWAKE_NANOS) {
                LockSupport.parkNanos(left - AWAKE_NANOS);
            }
            heard = contact.hear(0);
        }
        return heard;
    }
}
