package io.tcplab.loadgen.compare;

import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.result.ActionReport;
import io.tcplab.loadgen.result.Summary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * What an action cost, over all rounds, beside what the control run lost in the same stretch of time.
 *
 * @param contender whose action it is
 * @param at seconds since the recorded part began
 * @param what was done
 * @param connections open at that moment, or started since, in all rounds
 * @param lost of these
 * @param idleClosed connections closed between two requests, which lose nothing
 * @param delayed connections established after a SYN was sent again; they are not lost by that
 * @param unexpected responses that were not as expected; their connections are not lost by that
 * @param control the same counts where it was not done
 * @param rounds of each
 * @param failed rounds in which it could not be done, or its command ended in failure
 * @param p the chance of shares of lost connections that differ as much, if the action cost nothing (permutation test over rounds)
 * @param distinguishable whether p is so small that more was lost than would have been anyway
 */
record ActionCost(
        String contender,
        double at,
        String what,
        long connections,
        long lost,
        long idleClosed,
        long delayed,
        long unexpected,
        Counts control,
        int rounds,
        int failed,
        double p,
        boolean distinguishable) {

    private static final long SEED = 29;

    /** Counts of the control run. */
    record Counts(long connections, long lost, long idleClosed, long delayed, long unexpected) {}

    /** One for each action that was done in every round; {@code actions} and {@code control} are the rounds of both. */
    static List<ActionCost> of(String contender, List<List<ActionReport>> actions, List<List<ActionReport>> control) {
        int done = Math.min(fewest(actions), fewest(control));
        List<ActionCost> costs = new ArrayList<>();
        for (int i = 0; i < done; i++) {
            int index = i;
            costs.add(of(
                    contender,
                    actions.stream().map(each -> each.get(index)).toList(),
                    control.stream().map(each -> each.get(index)).toList(),
                    done));
        }
        return costs;
    }

    private static int fewest(List<List<ActionReport>> rounds) {
        return rounds.stream().mapToInt(List::size).min().orElse(0);
    }

    private static ActionCost of(String contender, List<ActionReport> actions, List<ActionReport> control, int tests) {
        double[] shares = new double[actions.size() + control.size()];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = share(i < actions.size() ? actions.get(i) : control.get(i - actions.size()));
        }
        double p = ShuffledRounds.adjustedP(List.of(shares), actions.size(), new int[] {actions.size()}, SEED)[0];
        long lost = sum(actions, each -> each.lost().all());
        long connections = sum(actions, ActionReport::connections);
        Counts without = new Counts(
                sum(control, ActionReport::connections),
                sum(control, each -> each.lost().all()),
                sum(control, ActionReport::idleClosed),
                sum(control, each -> each.lost().delayed()),
                sum(control, ActionReport::unexpected));
        boolean more =
                lost * (double) Math.max(1, without.connections) > without.lost * (double) Math.max(1, connections);
        return new ActionCost(
                contender,
                actions.getFirst().at(),
                actions.getFirst().what(),
                connections,
                lost,
                sum(actions, ActionReport::idleClosed),
                sum(actions, each -> each.lost().delayed()),
                sum(actions, ActionReport::unexpected),
                without,
                actions.size(),
                (int) actions.stream().filter(ActionReport::failed).count(),
                p,
                more && p <= StoppingRule.LEVEL / tests);
    }

    private static double share(ActionReport report) {
        return report.lost().all() / (double) Math.max(1, report.connections());
    }

    private static long sum(List<ActionReport> reports, ToLongFunction<ActionReport> figure) {
        return reports.stream().mapToLong(figure).sum();
    }

    /** The verdict for a reader. */
    String sentence() {
        String counts = InWords.count(lost) + " of " + InWords.count(connections) + " connections lost in " + rounds
                + (rounds == 1 ? " round" : " rounds") + ", " + InWords.count(control.lost) + " of "
                + InWords.count(control.connections) + " without it";
        String idle = idleClosed + control.idleClosed == 0
                ? ""
                : "; " + InWords.count(idleClosed) + " idle connections closed, " + InWords.count(control.idleClosed)
                        + " without it";
        String late = delayed + control.delayed == 0
                ? ""
                : "; " + InWords.count(delayed) + " delayed by a repeated SYN, " + InWords.count(control.delayed)
                        + " without it";
        String other = unexpected + control.unexpected == 0
                ? ""
                : "; " + InWords.count(unexpected) + " responses were not as expected, "
                        + InWords.count(control.unexpected) + " without it";
        return contender + ", " + what + ": " + counts + idle + late + other + ": " + verdict() + ".";
    }

    private String verdict() {
        if (failed > 0) {
            return "it failed in " + failed + " of " + rounds + " rounds, so this shows nothing of its cost";
        }
        if (distinguishable) {
            double anyway = control.lost * (double) connections / Math.max(1, control.connections);
            return String.format(Locale.ROOT, "it costs %.3g connections a round", (lost - anyway) / rounds);
        }
        if (lost == 0) {
            return unexpected + delayed == 0 ? "it costs nothing" : "it costs no connection";
        }
        return "no more than would have been lost anyway, as far as can be seen";
    }

    /** As in compare.json. */
    Map<String, Object> tree() {
        Map<String, Object> without = new LinkedHashMap<>();
        without.put("connections", control.connections);
        without.put("lost", control.lost);
        without.put("idleClosed", control.idleClosed);
        without.put("delayed", control.delayed);
        without.put("unexpected", control.unexpected);
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("contender", contender);
        tree.put("at", at);
        tree.put("what", what);
        tree.put("connections", connections);
        tree.put("lost", lost);
        tree.put("idleClosed", idleClosed);
        tree.put("delayed", delayed);
        tree.put("unexpected", unexpected);
        tree.put("failed", failed);
        tree.put("control", without);
        tree.put("p", Summary.thousandths(p));
        tree.put("distinguishable", distinguishable);
        tree.put("sentence", sentence());
        return tree;
    }
}
