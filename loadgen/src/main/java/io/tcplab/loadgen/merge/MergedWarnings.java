package io.tcplab.loadgen.merge;

import io.tcplab.loadgen.judge.warning.ForeignTraffic;
import io.tcplab.loadgen.judge.warning.OfferedRateNotReached;
import io.tcplab.loadgen.judge.warning.RunWarning;
import io.tcplab.loadgen.judge.warning.TooFewSamples;
import io.tcplab.loadgen.plan.Threshold;
import io.tcplab.loadgen.result.FinishedRun;
import io.tcplab.loadgen.result.RunNames;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a merged result warns of. Whether the samples are enough and the offered rate was reached is judged by the merged figures; what a
 * shard alone can know is repeated, under the shard's name where several say the same with figures of their own.
 */
final class MergedWarnings {

    private static final Set<String> JUDGED_TOGETHER =
            Set.of(RunWarning.codeOf(TooFewSamples.class), RunWarning.codeOf(OfferedRateNotReached.class));

    private MergedWarnings() {}

    /**
     * @param merged the merged figures
     * @param thresholds of the profile
     * @param ofShards what each shard warned of, as far as it concerns the merge
     * @param shared whether shards used a network namespace together that others may have used as well
     */
    static List<Verdict.Warning> of(
            Summary merged,
            List<Threshold> thresholds,
            Map<FinishedRun, List<Verdict.Warning>> ofShards,
            boolean shared) {
        List<Verdict.Warning> all = new ArrayList<>();
        Map<String, Set<String>> messages = new HashMap<>();
        ofShards.values()
                .forEach(each -> each.forEach(warning -> messages.computeIfAbsent(warning.code(), _ -> new HashSet<>())
                        .add(warning.message())));
        RunNames called = RunNames.ofRuns(List.copyOf(ofShards.keySet()));
        ofShards.forEach((shard, each) -> {
            for (Verdict.Warning warning : each) {
                if (!JUDGED_TOGETHER.contains(warning.code())) {
                    boolean several =
                            messages.getOrDefault(warning.code(), Set.of()).size() > 1;
                    all.add(several ? named(called.of(shard), warning) : warning);
                }
            }
        });
        if (messages.containsKey(RunWarning.codeOf(OfferedRateNotReached.class))) {
            OfferedRateNotReached.of(merged).forEach(found -> all.add(found.inWords()));
        }
        if (shared && !messages.containsKey(RunWarning.codeOf(ForeignTraffic.class))) {
            ForeignTraffic.ofMerged(merged).forEach(found -> all.add(found.inWords()));
        }
        TooFewSamples.of(merged.latencies(), thresholds).forEach(found -> all.add(found.inWords()));
        return all.stream().distinct().toList();
    }

    private static Verdict.Warning named(String shard, Verdict.Warning warning) {
        return new Verdict.Warning(
                warning.code(),
                shard + ": " + warning.message(),
                warning.advice(),
                warning.evidence(),
                warning.invalidates());
    }
}
