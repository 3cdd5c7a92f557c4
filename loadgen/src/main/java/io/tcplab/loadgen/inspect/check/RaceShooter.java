package io.tcplab.loadgen.inspect.check;

import io.tcplab.loadgen.inspect.Answer;
import io.tcplab.loadgen.inspect.Contact;
import io.tcplab.loadgen.inspect.Heard;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.Unreachable;
import io.tcplab.loadgen.inspect.check.RaceShot.Fate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** The requests of a {@link RaceSweep}, each by a thread and on a connection of its own. */
final class RaceShooter implements RaceSweep.Shooter {

    private static final double EARLY_MILLIS = 50;
    private static final long WATCHED_NANOS = 1_500_000;
    private static final long AWAKE_NANOS = 150_000;
    private static final long TICK_NANOS = 1_000_000_000;
    private static final int RESET_FOLLOWS_MILLIS = 50;
    private static final long CLOSES_NANOS = 1_000_000_000;
    private static final int TIMED_OUT = 408;
    private static final int MOST_REFUSED = 3;

    /** So many connections show where a close is, and on which side of it requests are lost. */
    private static final int ENOUGH = 8;

    private final Probe probe;
    private final long idleNanos;
    private long firstRoundNanos;

    RaceShooter(Probe probe, double idleSeconds) {
        this.probe = probe;
        this.idleNanos = (long) (idleSeconds * 1e9);
    }

    @Override
    public List<RaceShot> shoot(List<Double> aimsMillis) throws Unreachable {
        awaitTheSameMomentOfASecond();
        int enough = Math.min(ENOUGH, aimsMillis.size());
        List<Contact> contacts = opened(aimsMillis.size(), enough);
        Queue<Double> aims = new ConcurrentLinkedQueue<>(spread(aimsMillis));
        List<RaceShot> shots = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(
                contacts.size(),
                Thread.ofPlatform().daemon(true).name("inspect-race-", 0).factory())) {
            for (Contact contact : contacts) {
                threads.execute(() -> shoot(contact, aims).ifPresent(shot -> {
                    synchronized (shots) {
                        shots.add(shot);
                    }
                }));
            }
        }
        if (shots.size() < enough) {
            throw new Unreachable("only " + shots.size() + " of " + contacts.size() + " had a first response");
        }
        return shots;
    }

    /** As many connections as are wanted, or as the server takes, if these are enough. */
    private List<Contact> opened(int wanted, int enough) throws Unreachable {
        List<Contact> contacts = new ArrayList<>();
        List<Unreachable> refused = new ArrayList<>();
        while (contacts.size() + refused.size() < wanted && refused.size() < MOST_REFUSED && !probe.interrupted()) {
            try {
                contacts.add(probe.openToAsk());
            } catch (Unreachable e) {
                refused.add(e);
                probe.note("a connection could not be opened: " + e.getMessage());
            }
        }
        if (contacts.size() < enough) {
            throw refused.isEmpty() ? new Unreachable("the inspection was interrupted") : refused.getLast();
        }
        return contacts;
    }

    /** Wherever this is cut short, what is left lies evenly between the first and the last. */
    static List<Double> spread(List<Double> aimsMillis) {
        List<Double> sorted = aimsMillis.stream().sorted().toList();
        return IntStream.range(0, sorted.size())
                .boxed()
                .sorted((one, other) -> Integer.compareUnsigned(Integer.reverse(one), Integer.reverse(other)))
                .map(sorted::get)
                .toList();
    }

    /** Some servers look for idle connections once a second: begun at the same moment of a second, each round sees the same timeout. */
    private void awaitTheSameMomentOfASecond() {
        if (firstRoundNanos == 0) {
            firstRoundNanos = System.nanoTime();
            return;
        }
        long seconds = (System.nanoTime() - firstRoundNanos + TICK_NANOS - 1) / TICK_NANOS;
        long at = firstRoundNanos + seconds * TICK_NANOS;
        for (long left = at - System.nanoTime(); left > 0; left = at - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** At the next of these moments; empty where the connection has no first response, such as one over a limit of the server. */
    private Optional<RaceShot> shoot(Contact contact, Queue<Double> aimsMillis) {
        long beforeNanos = System.nanoTime();
        Answer first = probe.ask(contact);
        if (!first.came()) {
            probe.note("no first response: " + first.words());
            contact.abort();
            return Optional.empty();
        }
        double aim = Objects.requireNonNull(aimsMillis.poll(), "one for each connection");
        return Optional.of(shoot(contact, first, beforeNanos, aim));
    }

    private RaceShot shoot(Contact contact, Answer first, long beforeNanos, double aimMillis) {
        double trip = contact.connectNanos() / 1e6;
        double response = (first.lastNanos() - beforeNanos) / 1e6;
        long zero = first.lastNanos() + idleNanos;
        long earliest = beforeNanos + idleNanos;
        // The early ones need not be exact, but have to be early even where this side has read the response late.
        long at = (aimMillis <= -EARLY_MILLIS ? earliest : zero) + (long) (aimMillis * 1e6);
        Heard before = waited(contact, at);
        if (!(before instanceof Heard.Silence)) {
            contact.close();
            double seen = (before.atNanos() - zero) / 1e6;
            return new RaceShot(
                    seen,
                    seen,
                    Fate.CLOSED_BEFORE,
                    0,
                    0,
                    false,
                    trip,
                    response,
                    before.words() + " before it was sent");
        }
        long[] sentNanos = {System.nanoTime()};
        Answer answer = probe.ask(contact, () -> sentNanos[0] = System.nanoTime(), Contact.PATIENCE_NANOS);
        double sent = (sentNanos[0] - zero) / 1e6;
        double earlier = (sentNanos[0] - earliest) / 1e6;
        boolean farewell = saysFarewell(first, answer);
        boolean answered = answer.came() && !farewell;
        Optional<Heard> last =
                farewell ? Optional.of(contact.ending(CLOSES_NANOS).heard()) : answer.last();
        Heard end = last.filter(Heard::isEnd).orElse(null);
        boolean unread = !answered
                && end != null
                && (end instanceof Heard.Reset
                        || contact.resetFollows(RESET_FOLLOWS_MILLIS + 2 * (int) Math.max(trip, response)));
        contact.abort();
        if (answered || end == null) {
            return new RaceShot(
                    sent, earlier, answered ? Fate.ANSWERED : Fate.SILENT, 0, 0, false, trip, response, answer.words());
        }
        long endNanos = farewell ? answer.firstNanos() : end.atNanos();
        double lead = (endNanos - sentNanos[0]) / 1e6;
        return new RaceShot(sent, earlier, Fate.LOST, lead, lead, unread, trip, response, answer.words());
    }

    /**
     * Whether this is what a server says before it closes an idle connection, and no answer to the request that crosses it: 408, or over
     * another protocol something that the script does not expect, such as PostgreSQL's error 57P05.
     */
    private static boolean saysFarewell(Answer first, Answer answer) {
        boolean says408 = answer.status() == TIMED_OUT && first.status() != TIMED_OUT;
        boolean unexpected = !answer.came() && answer.last().isEmpty() && answer.firstNanos() > 0;
        return says408 || unexpected;
    }

    /** What happens on an idle connection until this moment; poll(2) counts whole milliseconds, so the last two are slept and watched. */
    private Heard waited(Contact contact, long atNanos) {
        Heard heard = contact.hear(atNanos - WATCHED_NANOS);
        while (heard instanceof Heard.Silence && System.nanoTime() < atNanos && !probe.interrupted()) {
            long left = atNanos - System.nanoTime();
            if (left > AWAKE_NANOS) {
                LockSupport.parkNanos(left - AWAKE_NANOS);
            }
            heard = contact.hear(0);
        }
        return heard;
    }
}
