package io.tcplab.loadgen.inspect.check;

import io.tcplab.loadgen.inspect.Check;
import io.tcplab.loadgen.inspect.CheckCard;
import io.tcplab.loadgen.inspect.CheckCard.Pace;
import io.tcplab.loadgen.inspect.CheckResult;
import io.tcplab.loadgen.inspect.CheckVerdict;
import io.tcplab.loadgen.inspect.Finding;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.Unreachable;
import io.tcplab.loadgen.inspect.check.RaceShot.Fate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** I2: a request that crosses the idle close. */
public final class KeepaliveRace implements Check {

    private static final double WIDE_MILLIS = 50;
    private static final int LEAST_WIDE = 2;
    private static final int ENOUGH_WIDE = 2;
    private static final double SHORTEST_SECONDS = 0.2;

    /** Where P(lost) is counted, in ms from the close: from each to the one behind it. */
    private static final double[] EDGES_MILLIS = {
        Double.NEGATIVE_INFINITY,
        -100,
        -50,
        -30,
        -25,
        -20,
        -15,
        -10,
        -5,
        -2,
        -1,
        -0.5,
        0,
        0.5,
        1,
        2,
        5,
        Double.POSITIVE_INFINITY
    };

    @Override
    public CheckCard card() {
        return CheckCard.of("I2", "The keep-alive race")
                .pace(Pace.LAST)
                .costs(RaceSweep.MOST, 2 * RaceSweep.MOST)
                .speaks(CheckCard.Speaks.REQUESTS)
                .observes("Which of the requests sent around the idle timeout of I1 are lost, how wide the window is at"
                        + " this round trip, and whether the server had read them.")
                .matters("A request that crosses the server's FIN is answered by an RST; the"
                        + " client does not know whether it was carried out.")
                .order(
                        "Idle connections each send one request, at moments from 1 s before the timeout to 40 ms after it; then"
                                + " more, until a lost and an answered one enclose the moment at which the window begins. They are"
                                + " aimed by the close that others of their round saw. An RST says that the server had not read"
                                + " the request.")
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
        RaceSweep sweep = RaceSweep.of(new RaceShooter(probe, idle.get()), idle.get());
        boolean wide = isWide(sweep);
        record(probe, sweep);
        return judged(sweep.shots(), sweep.window(), wide);
    }

    /** The shortest of all is nearest to the network's own. */
    private static double tripMillis(List<RaceShot> shots) {
        return shots.stream().mapToDouble(RaceShot::tripMillis).min().orElse(0);
    }

    /**
     * Whether the window is wide. Once may be an accident of this machine's timing, which can also keep requests from being early enough:
     * it has to be so twice, of three times.
     */
    static boolean isWide(RaceSweep sweep) throws Unreachable {
        long early = lostLongBefore(sweep.shots());
        int wide = early >= LEAST_WIDE ? 1 : 0;
        for (int again = 0; early > 0 && again < RaceSweep.MOST_AGAIN && wide < ENOUGH_WIDE; again++) {
            wide += lostLongBefore(sweep.wholeRound()) >= LEAST_WIDE ? 1 : 0;
        }
        return wide >= ENOUGH_WIDE;
    }

    /**
     * How many requests were lost that were sent long before the server can have closed, and by more than a round trip before the end was
     * seen; one alone may be one that this side sent or saw late.
     */
    private static long lostLongBefore(List<RaceShot> shots) {
        double trip = Math.max(
                tripMillis(shots),
                shots.stream().mapToDouble(RaceShot::responseMillis).min().orElse(0));
        return lost(shots).stream()
                .filter(each -> each.leadMillis() >= WIDE_MILLIS + trip && each.earliestMillis() <= -WIDE_MILLIS)
                .count();
    }

    private static List<RaceShot> lost(List<RaceShot> shots) {
        return of(shots, Fate.LOST);
    }

    private static List<RaceShot> of(List<RaceShot> shots, Fate fate) {
        return shots.stream().filter(each -> each.fate() == fate).toList();
    }

    private static void record(Probe probe, RaceSweep sweep) {
        List<RaceShot> shots = sweep.shots();
        RaceWindow window = sweep.window();
        List<RaceShot> lost = lost(shots);
        probe.figure("sent", shots.size() - of(shots, Fate.CLOSED_BEFORE).size());
        probe.figure("answered", of(shots, Fate.ANSWERED).size());
        probe.figure("lost", lost.size());
        probe.figure("lostUnread", lost.stream().filter(RaceShot::unread).count());
        probe.time("roundTripSeconds", (long) (tripMillis(shots) * 1e6));
        if (!lost.isEmpty()) {
            probe.time("lostWindowSeconds", (long) (window.lostMillis() * 1e6));
        }
        if (!Double.isInfinite(window.answeredMillis())) {
            probe.time("windowAtMostSeconds", (long) (window.answeredMillis() * 1e6));
        }
        for (int i = 0; i + 1 < EDGES_MILLIS.length; i++) {
            share(probe, shots, EDGES_MILLIS[i], EDGES_MILLIS[i + 1]);
        }
        for (RaceShot each : lost) {
            probe.note(String.format(
                    Locale.ROOT,
                    "sent %+.2f ms from the timeout: %s, %.1f ms later%s",
                    each.sentMillis(),
                    each.how(),
                    each.leadMillis(),
                    each.unread() ? "; not read, an RST says" : "; acknowledged, and no RST"));
        }
    }

    private static void share(Probe probe, List<RaceShot> shots, double from, double to) {
        List<RaceShot> sent = shots.stream()
                .filter(each -> each.fate() == Fate.ANSWERED || each.fate() == Fate.LOST)
                .filter(each -> -each.leadMillis() >= from && -each.leadMillis() < to)
                .toList();
        if (!sent.isEmpty()) {
            probe.note(String.format(
                    Locale.ROOT,
                    "sent %s ms from the close: %d of %d lost",
                    Double.isInfinite(from)
                            ? String.format(Locale.ROOT, "before %+.1f", to)
                            : Double.isInfinite(to)
                                    ? String.format(Locale.ROOT, "after %+.1f", from)
                                    : String.format(Locale.ROOT, "%+.1f to %+.1f", from, to),
                    lost(sent).size(),
                    sent.size()));
        }
    }

    /** What these requests mean; {@code wide} is whether some were lost long before the close, twice. */
    static Finding judged(List<RaceShot> shots, RaceWindow window, boolean wide) {
        if (shots.stream().noneMatch(RaceShot::closed)) {
            return Finding.notObserved(
                    "no close to aim at",
                    "none of " + shots.size() + " connections was closed around the idle timeout that I1 saw");
        }
        List<RaceShot> lost = lost(shots);
        if (lost.isEmpty()) {
            return Finding.asExpected(
                    "narrow",
                    String.format(
                            Locale.ROOT,
                            "none of %d requests around the idle timeout was lost%s",
                            shots.size(),
                            Double.isInfinite(window.answeredMillis())
                                    ? ""
                                    : String.format(
                                            Locale.ROOT,
                                            ": the window is narrower than %.1f ms",
                                            window.answeredMillis())));
        }
        long unread = lost.stream().filter(RaceShot::unread).count();
        String sentence = String.format(
                Locale.ROOT,
                "%d of %d requests around the idle timeout were lost: the window is %s at a round trip of %.1f ms; %s",
                lost.size(),
                shots.size(),
                width(window),
                tripMillis(shots),
                unread == lost.size()
                        ? "the server had read none of them (RST)"
                        : unread == 0 ? "no RST says that they were not read" : unread + " were not read (RST)");
        String advice = "Let clients and proxies close idle connections earlier than the server does,"
                + " by more than a round trip, and retry idempotent requests.";
        return wide
                ? Finding.harmful(
                        "wide",
                        sentence,
                        advice + " A window this wide means that the server stops reading long before it closes.")
                : new Finding(CheckVerdict.AS_EXPECTED, "narrow", sentence, advice);
    }

    private static String width(RaceWindow window) {
        if (window.enclosed()) {
            return String.format(Locale.ROOT, "%.1f ms wide", window.lostMillis());
        }
        return Double.isInfinite(window.answeredMillis())
                ? String.format(
                        Locale.ROOT, "at least %.1f ms wide (no request before it was answered)", window.lostMillis())
                : String.format(
                        Locale.ROOT,
                        "between %.1f and %.1f ms wide (no requests enclosed its beginning more closely)",
                        window.lostMillis(),
                        window.answeredMillis());
    }
}
