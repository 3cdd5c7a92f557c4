package io.tcplab.loadgen.merge;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.judge.ThresholdCheck;
import io.tcplab.loadgen.judge.warning.ForeignTraffic;
import io.tcplab.loadgen.judge.warning.RunWarning;
import io.tcplab.loadgen.plan.ProfileError;
import io.tcplab.loadgen.plan.ProfileReader;
import io.tcplab.loadgen.plan.Threshold;
import io.tcplab.loadgen.result.Environment;
import io.tcplab.loadgen.result.FinishedRun;
import io.tcplab.loadgen.result.Head;
import io.tcplab.loadgen.result.JsonText;
import io.tcplab.loadgen.result.LatencyLog;
import io.tcplab.loadgen.result.Measured;
import io.tcplab.loadgen.result.Observed;
import io.tcplab.loadgen.result.Outcomes;
import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.result.StreamedFile;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.Totals;
import io.tcplab.loadgen.result.Verdict;
import io.tcplab.loadgen.watch.ClockOffset;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Puts the shards of one load together, generators that ran at the same time with a share each: counts and rates are added, latencies
 * are taken from the sum of the shards' histograms, so that a percentile is that of one histogram. Kernels are added by namespace and
 * none is counted twice.
 */
public final class Merge {

    private final List<FinishedRun> shards;
    private final MergedChecks checks;

    private Merge(List<FinishedRun> shards, boolean complete) {
        this.shards = shards;
        this.checks = new MergedChecks(shards, complete);
    }

    /**
     * Writes the merge of {@code directories}, finished runs, into {@code into} and returns its summary; thresholds are those of the
     * first shard's profile, held against the merged figures. Throws with a sentence when a shard is not whole, counts
     * twice or is of another profile.
     */
    public static Summary merge(List<Path> directories, ResultsDirectory into) throws IOException {
        return new Merge(Shards.read(directories, into.path()), false).write(into);
    }

    /**
     * As above, of all generators of one load, each of which observed its kernels until the last connection of all had ended: what they
     * counted together is held against kernels that several used.
     */
    public static Summary mergeComplete(List<Path> directories, ResultsDirectory into) throws IOException {
        return new Merge(Shards.read(directories, into.path()), true).write(into);
    }

    private Summary write(ResultsDirectory into) throws IOException {
        try (StreamedFile file = into.stream(ResultsDirectory.LATENCIES)) {
            LatencyLog.concatenate(shards.stream().map(Shards::log).toList(), file);
        }
        try (TimelineMerge timeline = new TimelineMerge(shards)) {
            timeline.write(into, into.file(ResultsDirectory.LATENCIES));
        }
        FinishedRun first = shards.getFirst();
        if (!first.profile().isEmpty()) {
            into.write(ResultsDirectory.PROFILE, first.profile());
        }
        List<Environment> environments = new ArrayList<>();
        for (FinishedRun shard : shards) {
            if (shard.environment() != null) {
                environments.add(shard.environment());
            }
        }
        if (!environments.isEmpty()) {
            into.write(
                    ResultsDirectory.ENVIRONMENT,
                    Environment.merged(environments).toJson());
        }
        Totals totals = Totals.together(shards);
        Summary merged = summary(LatencyLog.read(into.file(ResultsDirectory.LATENCIES)), totals);
        if (totals != null) {
            long beginMillis = merged.startedAt().toEpochMilli();
            totals.write(into, beginMillis, beginMillis + Math.round(merged.durationSeconds() * 1000));
        }
        List<Threshold> thresholds = thresholds(first);
        Summary judged = merged.with(new Verdict(
                merged.valid(),
                MergedWarnings.of(merged, thresholds, warnings(), isShared()),
                ThresholdCheck.evaluate(merged, thresholds)));
        into.write(ResultsDirectory.SUMMARY, JsonText.of(judged));
        return judged;
    }

    /** The limits of the shard's profile; none when it has no profile or one that this version cannot read. */
    private static List<Threshold> thresholds(FinishedRun shard) {
        if (shard.profile().isEmpty() || shard.summary().thresholds().isEmpty()) {
            return List.of();
        }
        try {
            return ProfileReader.read(shard.directory().resolve(ResultsDirectory.PROFILE), List.of())
                    .thresholds();
        } catch (ProfileError _) {
            return List.of();
        }
    }

    private Summary summary(LatencyLog log, @Nullable Totals totals) {
        Summary first = shards.getFirst().summary();
        List<Summary> all = shards.stream().map(FinishedRun::summary).toList();
        Measured measured = new MeasuredMerge(shards).of(log, totals);
        return new Summary(
                Head.of(
                        first.profile(),
                        target(all),
                        first.startedAt(),
                        all.stream().mapToDouble(Summary::durationSeconds).max().orElse(0),
                        first.seed()),
                new Verdict(all.stream().allMatch(Summary::valid), List.of(), List.of()),
                measured,
                observed(all, measured),
                all.stream().anyMatch(Summary::interrupted));
    }

    private Observed observed(List<Summary> all, Measured measured) {
        return new Observed(
                new KernelMerge(shards).figures(),
                checks.all(measured.tls()),
                generator(all, measured.outcomes().started()),
                new KernelMerge(shards).serverProcess(),
                warmup(all),
                clockOffset(all),
                all.getFirst().before());
    }

    /** Shards with companions of their own have an address each. */
    private static Head.@Nullable Target target(List<Summary> all) {
        Head.Target first = all.getFirst().target();
        if (first == null || all.stream().allMatch(shard -> first.equals(shard.target()))) {
            return first;
        }
        return new Head.Target(first.asked(), null, first.addresses());
    }

    private static double sum(Collection<Summary> all, ToDoubleFunction<Summary> figure) {
        return all.stream().mapToDouble(figure).sum();
    }

    /** To a shard that shares its namespace the others are foreign traffic, which tells nothing. */
    private Map<FinishedRun, List<Verdict.Warning>> warnings() {
        Map<FinishedRun, List<Verdict.Warning>> all = new LinkedHashMap<>();
        for (FinishedRun shard : shards) {
            boolean alone = isAlone(shard);
            all.put(
                    shard,
                    shard.summary().warnings().stream()
                            .filter(warning -> alone || !warning.code().equals(RunWarning.codeOf(ForeignTraffic.class)))
                            .toList());
        }
        return all;
    }

    private boolean isAlone(FinishedRun shard) {
        return checks.isAlone(shard, Side.CLIENT) && checks.isAlone(shard, Side.SERVER);
    }

    /** Nobody else uses a namespace that was made for the run. */
    private boolean isShared() {
        return shards.stream()
                .anyMatch(shard -> shard.environment() != null
                        && !shard.environment().isolation().equals("netns")
                        && !isAlone(shard));
    }

    private static Observed.Generator generator(List<Summary> all, long started) {
        double cpuSeconds = sum(all, one -> one.generator().cpuSeconds());
        return new Observed.Generator(
                cpuSeconds,
                started == 0 ? null : cpuSeconds * 1e6 / started,
                all.stream()
                        .mapToDouble(one -> one.generator().eventLoopBusy())
                        .max()
                        .orElse(0),
                new Observed.GcPauses(
                        all.stream()
                                .mapToLong(one -> one.generator().gcPauses().count())
                                .sum(),
                        sum(all, one -> one.generator().gcPauses().totalMillis()),
                        all.stream()
                                .mapToDouble(one -> one.generator().gcPauses().maxMillis())
                                .max()
                                .orElse(0)));
    }

    private static Observed.Warmup warmup(List<Summary> all) {
        return new Observed.Warmup(
                all.stream().mapToLong(one -> one.warmup().started()).sum(),
                all.stream().map(one -> one.warmup().outcomes()).reduce(Outcomes.NONE, Outcomes::plus));
    }

    /** The least certain one. */
    private static @Nullable ClockOffset clockOffset(List<Summary> all) {
        ClockOffset worst = null;
        for (Summary one : all) {
            ClockOffset offset = one.clockOffset();
            if (offset != null && (worst == null || offset.uncertaintyMicros() > worst.uncertaintyMicros())) {
                worst = offset;
            }
        }
        return worst;
    }
}
