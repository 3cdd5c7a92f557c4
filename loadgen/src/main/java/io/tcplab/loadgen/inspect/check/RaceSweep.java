package io.tcplab.loadgen.inspect.check;

import io.tcplab.loadgen.inspect.Unreachable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Requests around a server's idle timeout, in rounds. The first one looks from a second before the timeout to a moment after it. As long as
 * the beginning of the window is not enclosed, a further one aims there, by the close that its predecessor's connections saw: a machine
 * that is busy sends and sees late, and I1 saw the timeout only once.
 */
final class RaceSweep {

    private static final int ROUNDS = 5;
    private static final int AROUND = 22;
    private static final double STEP_MILLIS = 0.25;

    /**
     * Enough of them lie where a server that stops reading long before it closes loses requests: a busy machine sends late. The last two
     * see the close of a server that looks for idle connections once a second.
     */
    private static final List<Double> FURTHER_MILLIS = List.of(
            -1000.0, -500.0, -300.0, -250.0, -200.0, -150.0, -120.0, -100.0, -70.0, -40.0, -20.0, 8.0, 16.0, 40.0,
            1000.0, 1000.0);

    private static final int BETWEEN = 12;
    private static final double BEYOND = 0.25;
    private static final double SOONEST_MILLIS = 50;
    private static final double FURTHER_OUT_MILLIS = 100;

    /** Connections of a further round that only watch for the close. */
    private static final List<Double> WATCH_MILLIS = List.of(300.0, 300.0);

    private static final int FIRST = FURTHER_MILLIS.size() + AROUND;

    /** How many more first rounds a wide window takes at most. */
    static final int MOST_AGAIN = 2;

    /** How many connections a sweep opens at most, with these. */
    static final int MOST = (1 + MOST_AGAIN) * FIRST + (ROUNDS - 1) * (BETWEEN + 2);

    /** Sends a request on an idle connection at each of these moments, in ms from the timeout of I1. */
    interface Shooter {
        List<RaceShot> shoot(List<Double> aimsMillis) throws Unreachable;
    }

    private final Shooter shooter;
    private final double idleMillis;
    private final List<RaceShot> shots = new ArrayList<>();
    private double closeMillis;

    private RaceSweep(Shooter shooter, double idleSeconds) {
        this.shooter = shooter;
        this.idleMillis = idleSeconds * 1000;
    }

    /** Shoots until the beginning of the window is enclosed, at most five rounds, and no longer than the server takes connections. */
    static RaceSweep of(Shooter shooter, double idleSeconds) throws Unreachable {
        RaceSweep sweep = new RaceSweep(shooter, idleSeconds);
        List<RaceShot> _ = sweep.wholeRound();
        boolean taken = true;
        for (int round = 1;
                round < ROUNDS && taken && sweep.closes() && !sweep.window().enclosed();
                round++) {
            taken = sweep.isTaken(sweep.whereItBegins());
        }
        return sweep;
    }

    private boolean isTaken(List<Double> aims) {
        try {
            return !round(aims).isEmpty();
        } catch (Unreachable _) {
            // What the rounds before it saw is no less true.
            return false;
        }
    }

    /** Whether a connection was closed at all. */
    boolean closes() {
        return shots.stream().anyMatch(RaceShot::closed);
    }

    /** Every request so far, in the order of their moments. */
    List<RaceShot> shots() {
        return List.copyOf(shots);
    }

    /** What they show. */
    RaceWindow window() {
        return RaceWindow.of(shots);
    }

    /** One more round over the whole span, and what it shows alone. */
    List<RaceShot> wholeRound() throws Unreachable {
        List<Double> aims = new ArrayList<>(FURTHER_MILLIS);
        for (int i = 0; i < AROUND; i++) {
            aims.add((i - AROUND / 2) * STEP_MILLIS);
        }
        return round(aims);
    }

    /** Between the lost request that is no outlier and the answered one before it, and a little beyond both. */
    private List<Double> whereItBegins() {
        RaceWindow window = window();
        double from = window.supportedMillis();
        double to = Double.isInfinite(window.answeredMillis())
                ? 2 * window.lostMillis() + FURTHER_OUT_MILLIS
                : window.answeredMillis();
        double beyond = (to - from) * BEYOND;
        List<Double> aims = new ArrayList<>();
        for (int i = 0; i < BETWEEN; i++) {
            aims.add(-(from - beyond + (to - from + 2 * beyond) * i / (BETWEEN - 1)));
        }
        aims.addAll(WATCH_MILLIS);
        return aims;
    }

    /** {@code aims} are in ms from the close as it was seen last. */
    private List<RaceShot> round(List<Double> aims) throws Unreachable {
        List<RaceShot> round = shooter.shoot(aims.stream()
                .map(each -> each + closeMillis)
                .filter(each -> each > -idleMillis + SOONEST_MILLIS)
                .toList());
        double[] closes = round.stream()
                .filter(RaceShot::closed)
                .mapToDouble(RaceShot::closeMillis)
                .sorted()
                .toArray();
        boolean seen = closes.length > 0;
        closeMillis = seen ? quantile(closes, 0.5) : closeMillis;
        double earlier = seen ? quantile(closes, 0.25) : Double.NaN;
        double later = seen ? quantile(closes, 0.75) : Double.NaN;
        List<RaceShot> related = round.stream()
                .map(each -> switch (each.fate()) {
                    case ANSWERED -> each.withCloses(earlier, later);
                    case LOST -> each.withEarlierEnd(later);
                    case CLOSED_BEFORE, SILENT -> each;
                })
                .toList();
        shots.addAll(related);
        shots.sort(Comparator.comparingDouble(RaceShot::sentMillis));
        return related;
    }

    private static double quantile(double[] sorted, double share) {
        return sorted[(int) Math.round((sorted.length - 1) * share)];
    }
}
