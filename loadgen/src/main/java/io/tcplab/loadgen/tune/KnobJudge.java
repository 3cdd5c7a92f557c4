package io.tcplab.loadgen.tune;

import io.tcplab.loadgen.compare.ComparedFigure;
import io.tcplab.loadgen.compare.Comparison;
import io.tcplab.loadgen.compare.Contender;
import io.tcplab.loadgen.compare.Difference;
import io.tcplab.loadgen.compare.RatioInterval;
import io.tcplab.loadgen.compare.Sentence;
import io.tcplab.loadgen.record.InWords;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** Judges one knob by the pairs of cells that differ in it alone. */
final class KnobJudge {

    private static final Set<ComparedFigure> COUNTS = Set.of(
            ComparedFigure.CONNECTIONS,
            ComparedFigure.ERRORS,
            ComparedFigure.CLIENT_TIME_WAIT,
            ComparedFigure.SERVER_TIME_WAIT,
            ComparedFigure.ACCEPT_QUEUE);
    private static final int MOST_EVIDENCE = 4;

    /** Connections that differ by more are not the same, although noise is not ruled out. */
    private static final double SAME = 0.1;

    /** Counters that show a knob at work; the first that moved are quoted first. */
    private static final List<String> PROOFS = List.of(
            "client TcpExt.TWRecycled",
            "server TcpExt.TCPMigrateReqSuccess",
            "server TcpExt.TCPMigrateReqFailure",
            "client TcpExt.TW",
            "server TcpExt.TW",
            "client TcpExt.TCPTimeWaitOverflow",
            "server TcpExt.TCPTimeWaitOverflow",
            "server TcpExt.EmbryonicRsts",
            "server Tcp.OutRsts",
            "client Tcp.EstabResets",
            "client TcpExt.TCPAbortOnTimeout",
            "client TcpExt.TCPKeepAlive",
            "server TcpExt.SyncookiesSent",
            "server TcpExt.TCPReqQFullDrop",
            "server TcpExt.ListenOverflows",
            "server TcpExt.ListenDrops",
            "server TcpExt.TCPReqQFullDoCookies",
            "client TcpExt.TCPAbortOnData",
            "client Tcp.OutRsts",
            "client TcpExt.TCPTimeouts",
            "client Tcp.RetransSegs");

    private KnobJudge() {}

    /** The verdict; what was compared for it is added to {@code differences}. */
    static KnobVerdict verdict(Knob knob, List<Tuning.Pair> pairs, double level, List<Difference> differences) {
        List<String> effects = new ArrayList<>();
        List<String> without = new ArrayList<>();
        List<String> cannotTell = new ArrayList<>();
        List<String> notJudged = new ArrayList<>();
        List<String> evidence = new ArrayList<>();
        for (Tuning.Pair pair : pairs) {
            List<Difference> judged = judge(pair, level);
            differences.addAll(judged);
            List<String> counters = countersApart(pair);
            List<Difference> found =
                    judged.stream().filter(Difference::distinguishable).toList();
            String place = (pair.change() + " " + pair.where()).strip();
            String apart = connectionsApart(judged);
            if (found.isEmpty() && counters.isEmpty()) {
                if (isUndecided(pair)) {
                    notJudged.add(place);
                } else if (apart.isEmpty()) {
                    without.add(place);
                } else {
                    cannotTell.add(place + ": " + apart + " in " + rounds(pair));
                }
            } else {
                effects.add(place + ": "
                        + (found.isEmpty()
                                ? "counters alone, " + counters.getFirst()
                                : Sentence.words(found.getFirst())));
                counters.forEach(counter -> evidence.add(counter + " (" + place + ")"));
            }
        }
        boolean tookEffect = !effects.isEmpty();
        return new KnobVerdict(
                knob.label(),
                tookEffect,
                effects,
                without,
                cannotTell,
                evidence,
                words(pairs, effects, without, cannotTell, notJudged),
                Advice.on(knob.key(), tookEffect));
    }

    /** Whether a round of the pair was late or not to be believed: nothing follows from what was not seen. */
    private static boolean isUndecided(Tuning.Pair pair) {
        return Stream.of(pair.base(), pair.other())
                .anyMatch(cell -> !cell.isBelieved()
                        || (cell.law() != null
                                && Objects.requireNonNull(cell.law()).undecided()));
    }

    /** How the connections differ by more than a tenth, in words; empty where they do not. */
    private static String connectionsApart(List<Difference> judged) {
        return judged.stream()
                .filter(each -> each.figure() == ComparedFigure.CONNECTIONS)
                .filter(each ->
                        Math.abs(each.medians().getLast() - each.medians().getFirst())
                                > SAME
                                        * Math.max(
                                                each.medians().getFirst(),
                                                each.medians().getLast()))
                .map(each -> InWords.rate(each.medians().getFirst()) + " → "
                        + InWords.rate(each.medians().getLast()) + " connections/s")
                .findFirst()
                .orElse("");
    }

    private static String rounds(Tuning.Pair pair) {
        int rounds = pair.base().rounds().size();
        return rounds == 1 ? "1 round" : rounds + " rounds";
    }

    private static String words(
            List<Tuning.Pair> pairs,
            List<String> effects,
            List<String> without,
            List<String> cannotTell,
            List<String> notJudged) {
        if (pairs.isEmpty()) {
            return "not judged: no two cells differ in this setting only";
        }
        List<String> sentences = new ArrayList<>();
        if (!effects.isEmpty()) {
            sentences.add("changed " + String.join("; ", effects));
        }
        if (!cannotTell.isEmpty()) {
            sentences.add((effects.isEmpty() ? "cannot tell" : "Cannot tell") + ": too few rounds to rule out noise ("
                    + String.join("; ", cannotTell) + ")");
        }
        if (!without.isEmpty()) {
            sentences.add(
                    effects.isEmpty()
                            ? "no effect: no difference beyond noise in " + without.size()
                                    + (without.size() == 1 ? " comparison" : " comparisons") + " ("
                                    + String.join("; ", without) + ")"
                            : "No effect: " + String.join("; ", without));
        }
        if (!notJudged.isEmpty()) {
            sentences.add("not judged because a round was late or not valid: " + String.join("; ", notJudged));
        }
        return String.join(". ", sentences);
    }

    private static List<Difference> judge(Tuning.Pair pair, double level) {
        Contender base = pair.base().contender();
        Contender other = pair.other().contender();
        List<Difference> judged = new ArrayList<>();
        for (Difference each : Comparison.pair(base, other, level)) {
            double[] a = base.of(each.figure());
            double[] b = other.of(each.figure());
            boolean apart = COUNTS.contains(each.figure()) && a != null && b != null && Counted.apart(a, b);
            judged.add(apart ? each.apart() : each);
        }
        return judged;
    }

    private static List<String> countersApart(Tuning.Pair pair) {
        Map<String, double[]> base = pair.base().counters();
        Map<String, double[]> other = pair.other().counters();
        double[] none = new double[pair.base().rounds().size()];
        List<String> apart = new ArrayList<>();
        for (String name : PROOFS) {
            double[] a = base.getOrDefault(name, none);
            double[] b = other.getOrDefault(name, none);
            if (apart.size() < MOST_EVIDENCE && Counted.apart(a, b)) {
                apart.add(name + " " + InWords.rate(RatioInterval.median(a.clone())) + " → "
                        + InWords.rate(RatioInterval.median(b.clone())));
            }
        }
        return apart;
    }
}
