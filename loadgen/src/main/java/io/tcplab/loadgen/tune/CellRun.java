package io.tcplab.loadgen.tune;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.rounds.FreshNamespace;
import io.tcplab.loadgen.rounds.Where;
import io.tcplab.loadgen.run.Isolation;
import io.tcplab.loadgen.run.RunResult;
import io.tcplab.loadgen.tune.law.Law;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns what the cells' rounds gave into verdicts.
 *
 * @param knobs all that were asked for
 * @param absent those that this kernel does not have
 * @param defaults what a fresh namespace has, by sysctl
 * @param place where cells ran; on a host, which has other traffic and earlier rounds' TIME_WAITs, no law is held against a cell
 */
record CellRun(Set<Knob> knobs, Set<Knob> absent, Map<String, String> defaults, Where place) {

    private static final String AS_WRITTEN = "as written";

    /** Judges; {@code all} has each cell's rounds in the order of {@code plans}. */
    Tuning judge(Map<Cell, Profile> plans, List<List<RunResult>> all, String kernel) {
        List<CellResult> results = new ArrayList<>();
        for (Map.Entry<Cell, Profile> each : plans.entrySet()) {
            results.add(result(each.getKey(), each.getValue(), all.get(results.size())));
        }
        return Tuning.of(results, knobs, absent, kernel);
    }

    private CellResult result(Cell cell, Profile profile, List<RunResult> rounds) {
        Map<String, String> client = FreshNamespace.readBack(rounds.getFirst(), Side.CLIENT);
        Map<String, String> server = FreshNamespace.readBack(rounds.getFirst(), Side.SERVER);
        boolean loopback = cell.isolation() == Isolation.LOOPBACK;
        List<Law> laws = new ArrayList<>();
        for (RunResult round : place == Where.NONE ? List.<RunResult>of() : rounds) {
            Law law = Law.of(
                    profile,
                    FreshNamespace.readBack(round, Side.CLIENT),
                    FreshNamespace.readBack(round, Side.SERVER),
                    loopback,
                    round.summary());
            if (law != null) {
                laws.add(law);
            }
        }
        List<Summary> summaries = rounds.stream().map(RunResult::summary).toList();
        return new CellResult(cell, values(cell, profile, client, server), summaries, laws);
    }

    /** Each knob's value in this cell; a value that was set was read back by the run, which refuses one that was not kept. */
    private Map<String, String> values(
            Cell cell, Profile profile, Map<String, String> client, Map<String, String> server) {
        Map<String, String> values = new HashMap<>();
        for (Knob knob : knobs) {
            String usual = defaults.getOrDefault(knob.key(), "absent");
            String value = switch (knob.kind()) {
                case CLIENT_SYSCTL ->
                    client.getOrDefault(knob.key(), profile.clientSysctls().getOrDefault(knob.key(), usual));
                case SERVER_SYSCTL ->
                    server.getOrDefault(knob.key(), profile.serverSysctls().getOrDefault(knob.key(), usual));
                case PROFILE_KEY -> cell.settings().getOrDefault(knob, AS_WRITTEN);
                case PATH -> cell.settings().getOrDefault(knob, Cell.CABLE);
            };
            values.put(knob.label(), value);
        }
        return values;
    }
}
