package io.tcplab.loadgen.compare;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.result.FinishedRun;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.watch.SideFigures;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a result got worse than another one.
 *
 * <p>Counts for each connection are always judged: a growth beyond {@link GateCount}'s limit, beyond what chance gives so many connections
 * (four standard deviations of a Poisson count), and beyond what the rounds of either side differ by, unless most of the judged rounds are
 * above each of the base's: one round may stand out, three of five do not. Times are judged where both environments match and each side has
 * {@value #FEWEST} rounds: a change for the worse beyond five standard errors of the rounds' own noise, which chance exceeds once in some
 * 2,000 (Student's t, one side, 8 degrees of freedom), and beyond what is worth finding.
 *
 * @param base name of what is compared with
 * @param now name of what is judged
 * @param rounds of the base, of the judged
 * @param rows counts first, then times
 * @param mismatches of the environments; empty where they match
 * @param believed whether both sides have a round that can be trusted
 */
record Gate(
        String base, String now, List<Integer> rounds, List<GateRow> rows, List<String> mismatches, boolean believed) {

    /** With fewer rounds a side, no time is judged. */
    static final int FEWEST = 5;

    private static final double POISSON_DEVIATIONS = 4;

    /** What a round with a saturated generator must show of a structural count. */
    private static final double UNMISTAKABLE = 0.25;

    private static final double OTHERS_SHARE = 0.02;
    private static final double OTHERS_LEAST = 10;

    Gate {
        rounds = List.copyOf(rounds);
        rows = List.copyOf(rows);
        mismatches = List.copyOf(mismatches);
    }

    /** Judges; {@code find} is the smallest change of a time that is worth finding, as a share. */
    static Gate of(SavedRounds.Pair pair, double find) {
        List<FinishedRun> base = valid(pair.base().rounds());
        List<FinishedRun> now = valid(pair.now().rounds());
        boolean believed = believed(base) && believed(now);
        boolean shared = shared(base);
        String apart = shared == shared(now) ? "" : "in one of the results both sides share a network namespace";
        List<GateRow> rows = new ArrayList<>();
        for (GateCount count : GateCount.values()) {
            GateRow row = count(count, summaries(base), summaries(now), believed);
            if (row != null && !(shared && count.isOfServersKernel())) {
                row = shared ? row.ofBothSides() : row;
                row = apart.isEmpty() || !count.isOfKernel() ? row : row.unjudged(apart);
                rows.add(row);
            }
        }
        List<String> mismatches = SameEnvironment.mismatches(base, now);
        rows.addAll(GateTimes.rows(pair, base, now, mismatches, believed ? find : Double.NaN));
        return new Gate(
                pair.base().name(), pair.now().name(), List.of(base.size(), now.size()), rows, mismatches, believed);
    }

    /** Whether any figure could be judged. */
    boolean judged() {
        return rows.stream().anyMatch(row -> row.verdict() != GateRow.Verdict.CANNOT_TELL);
    }

    boolean worse() {
        return rows.stream().anyMatch(row -> row.verdict() == GateRow.Verdict.WORSE);
    }

    /** The rounds that can be trusted; all of them where none can. */
    private static List<FinishedRun> valid(List<FinishedRun> rounds) {
        List<FinishedRun> valid = rounds.stream().filter(Gate::isWhole).toList();
        return valid.isEmpty() ? rounds : valid;
    }

    /** Whether a round can be judged: an interruption resets the connections that are open, which is no work of the program's. */
    static boolean isWhole(FinishedRun round) {
        return round.summary().valid() && !round.summary().interrupted();
    }

    private static boolean believed(List<FinishedRun> rounds) {
        return rounds.stream().allMatch(Gate::isWhole);
    }

    private static boolean shared(List<FinishedRun> rounds) {
        return rounds.stream()
                .map(FinishedRun::environment)
                .anyMatch(each -> each != null && each.sidesShareOneNamespace());
    }

    private static List<Summary> summaries(List<FinishedRun> rounds) {
        return rounds.stream().map(FinishedRun::summary).toList();
    }

    private static @Nullable GateRow count(GateCount count, List<Summary> base, List<Summary> now, boolean believed) {
        Double before = rate(count, base, false);
        Double after = rate(count, now, false);
        if (before == null && after == null) {
            return null;
        }
        String label = count.label() + (count == GateCount.EXCHANGE_ERRORS ? " per request" : " per connection");
        if (before == null || after == null) {
            return GateRow.unjudged(count.key(), label, before, after, "not observed on both sides");
        }
        if (count.isOfKernel() && (othersIn(base) || othersIn(now))) {
            return GateRow.unjudged(
                    count.key(),
                    label,
                    before,
                    after,
                    "the counters include other traffic of the host; use --isolate netns");
        }
        if (!believed && !count.isStructural()) {
            return GateRow.unjudged(count.key(), label, before, after, "no round of a side can be trusted");
        }
        double margin = margin(count, base, now, before, after);
        if (!believed) {
            margin = Math.max(margin, UNMISTAKABLE);
        }
        double limit = mostExceed(count, base, now, margin)
                ? margin
                : Math.max(margin, Math.max(spread(count, base), spread(count, now)));
        GateRow.Verdict verdict = GateRow.Verdict.SAME;
        if (after - before > limit && (!count.isSegments() || moreForEachExchange(count, base, now))) {
            verdict = GateRow.Verdict.WORSE;
        } else if (before - after > limit) {
            verdict = GateRow.Verdict.BETTER;
        }
        return new GateRow(count.key(), label, before, after, before + limit, verdict, "");
    }

    /** What a change must be beyond, whatever the rounds differ by. */
    private static double margin(GateCount count, List<Summary> base, List<Summary> now, double before, double after) {
        double ofBase = base.stream().mapToDouble(count::of).sum();
        double ofNow = now.stream().mapToDouble(count::of).sum();
        double pooled = (before * ofBase + after * ofNow) / (ofBase + ofNow);
        double chance = POISSON_DEVIATIONS * Math.sqrt(pooled * (1 / ofBase + 1 / ofNow));
        return Math.max(Math.max(count.least(), count.share() * before), chance);
    }

    /** Whether more than half of the judged rounds are above each of the base's by the margin. */
    private static boolean mostExceed(GateCount count, List<Summary> base, List<Summary> now, double margin) {
        double most =
                base.stream().mapToDouble(each -> ofOne(count, each)).max().orElse(0);
        long above =
                now.stream().filter(each -> ofOne(count, each) > most + margin).count();
        return 2 * above > now.size();
    }

    private static double ofOne(GateCount count, Summary round) {
        Double rate = rate(count, List.of(round), false);
        return rate == null ? 0 : rate;
    }

    /** What the rounds of one side differ by among themselves. */
    private static double spread(GateCount count, List<Summary> rounds) {
        double least = Double.MAX_VALUE;
        double most = 0;
        for (Summary each : rounds) {
            Double rate = rate(count, List.of(each), false);
            least = rate == null ? least : Math.min(least, rate);
            most = rate == null ? most : Math.max(most, rate);
        }
        return Math.max(0, most - least);
    }

    /** Connections that a round's end cut short have fewer segments each, but not for each exchange. */
    private static boolean moreForEachExchange(GateCount count, List<Summary> base, List<Summary> now) {
        Double before = rate(count, base, true);
        Double after = rate(count, now, true);
        return before == null || after == null || after > before * (1 + count.share());
    }

    /** Null where a round lacks it, or nothing was started. */
    private static @Nullable Double rate(GateCount count, List<Summary> rounds, boolean eachExchange) {
        double sum = 0;
        double of = 0;
        for (Summary each : rounds) {
            Double number = count.count(each);
            if (number == null) {
                return null;
            }
            sum += number;
            of += eachExchange ? each.exchanges().answered() : count.of(each);
        }
        return of == 0 ? null : sum / of;
    }

    /** Whether the namespace's connections are clearly more than ours. */
    private static boolean othersIn(List<Summary> rounds) {
        return rounds.stream().anyMatch(round -> {
            SideFigures client = round.kernel().of(Side.CLIENT);
            double ours = GateCount.connections(round);
            return client != null && client.counterNamed("Tcp.ActiveOpens") > ours * (1 + OTHERS_SHARE) + OTHERS_LEAST;
        });
    }
}
