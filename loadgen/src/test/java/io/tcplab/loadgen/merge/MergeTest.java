package io.tcplab.loadgen.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.report.html.HtmlReport;
import io.tcplab.loadgen.result.Environment;
import io.tcplab.loadgen.result.Examples;
import io.tcplab.loadgen.result.FinishedRun;
import io.tcplab.loadgen.result.LatencyStats;
import io.tcplab.loadgen.result.Measured;
import io.tcplab.loadgen.result.Observed;
import io.tcplab.loadgen.result.Reconciled;
import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.TimelineReader;
import io.tcplab.loadgen.result.Verdict;
import io.tcplab.loadgen.watch.KernelFigures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MergeTest {

    private static final long HERE = 4026531840L;
    private static final long ELSEWHERE = 4026532999L;

    @TempDir
    Path root;

    private ResultsDirectory into;

    @BeforeEach
    void makeDirectory() throws IOException {
        into = ResultsDirectory.at(root.resolve("merged"));
    }

    @Test
    void aMergedPercentileIsThatOfOneHistogram() throws IOException {
        Summary merged = Merge.merge(List.of(shard(1, HERE), shard(2, ELSEWHERE), shard(3, HERE)), into);
        for (Metric metric : List.of(Metric.CONNECT, Metric.SERVICE, Metric.START_DELAY)) {
            Histogram ofShort = new Histogram(3);
            Histogram ofAll = new Histogram(3);
            for (long seed = 1; seed <= 3; seed++) {
                long own = seed * 31 + metric.key().hashCode();
                ofShort.add(Examples.histogram(own, 40_000));
                ofAll.add(Examples.histogram(own, 40_000));
                ofAll.add(Examples.histogram(own + 1, 9_000));
            }
            assertThat(merged.mixes().getFirst().latencies().of(metric)).isEqualTo(LatencyStats.of(ofShort));
            assertThat(merged.latencies().of(metric)).isEqualTo(LatencyStats.of(ofAll));
        }
    }

    @Test
    void countsAndRatesAreAddedAndTheBooksStillBalance() throws IOException {
        Summary merged = Merge.merge(List.of(shard(1, HERE), shard(2, ELSEWHERE)), into);
        assertThat(merged.outcomes().started()).isEqualTo(100_000);
        assertThat(merged.outcomes().count(ConnectionOutcome.REFUSED)).isEqualTo(24);
        assertThat(merged.outcomes().balances()).isTrue();
        assertThat(merged.exchanges().answered()).isEqualTo(2 * 1_039_985);
        assertThat(merged.mixes().getLast().exchanges().lost()).isEqualTo(10);
        assertThat(merged.mixes()).extracting(Measured.Mix::name).containsExactly("short", "keepalive");
        assertThat(merged.rates().offered()).isEqualTo(10_000);
        assertThat(merged.causes()).extracting(Measured.Cause::count).containsExactly(24L, 10L, 14L);
        assertThat(merged.warnings()).hasSize(1);
    }

    @Test
    void whatShardsWarnOfDifferentlyHasTheirNamesAndSamplesAreJudgedTogether() throws IOException {
        FinishedRun one = FinishedRun.withoutLatencies(shard(1, HERE));
        FinishedRun other = FinishedRun.withoutLatencies(shard(2, ELSEWHERE));
        Summary merged = Merge.merge(List.of(one.directory(), other.directory()), into);
        Map<FinishedRun, List<Verdict.Warning>> ofShards = new LinkedHashMap<>();
        ofShards.put(one, List.of(warning("gcPauses", "1 ms"), warning("tooFewSamples", "7"), warning("alike", "x")));
        ofShards.put(other, List.of(warning("gcPauses", "2 ms"), warning("alike", "x")));
        assertThat(MergedWarnings.of(merged, List.of(), ofShards, true))
                .extracting(Verdict.Warning::message)
                .containsExactly(one.name() + ": 1 ms", "x", other.name() + ": 2 ms");
    }

    /** Of 160 connects that were not ours, each shard alone could not know: the other one's are in the same counter. */
    @Test
    void whatOthersConnectedBesideShardsOfOneNamespaceIsNamed() throws IOException {
        Summary merged = Merge.merge(List.of(shard(1, HERE), shard(2, ELSEWHERE)), into);
        Summary beside = new Summary(
                merged.head(),
                merged.verdict(),
                merged.measured(),
                new Observed(
                        merged.kernel(),
                        List.of(Reconciled.of(Reconciled.Check.CONNECTS, 401, 561)),
                        merged.generator(),
                        null,
                        merged.warmup(),
                        null,
                        null),
                false);
        assertThat(MergedWarnings.of(beside, List.of(), Map.of(), true))
                .singleElement()
                .extracting(Verdict.Warning::code, Verdict.Warning::message)
                .containsExactly(
                        "foreignTraffic",
                        "the client's kernel counted about 160 connections that are not ours (28.52%): its counters include"
                                + " them");
        assertThat(MergedWarnings.of(beside, List.of(), Map.of(), false)).isEmpty();
    }

    private static Verdict.Warning warning(String code, String message) {
        return new Verdict.Warning(code, message, "", Map.of(), false);
    }

    @Test
    void kernelsOfOneNamespaceAreCountedOnce() throws IOException {
        KernelFigures kernel =
                Merge.merge(List.of(shard(1, HERE), shard(2, HERE)), into).kernel();
        assertThat(Objects.requireNonNull(kernel.client()).counter(KernelCounter.ACTIVE_OPENS))
                .isEqualTo(50_000);
        assertThat(Objects.requireNonNull(kernel.server()).counter(KernelCounter.PASSIVE_OPENS))
                .isEqualTo(49_981);
    }

    @Test
    void kernelsOfTwoNamespacesAreAddedButTheirCommonServerIsNot() throws IOException {
        Summary merged = Merge.merge(List.of(shard(1, HERE), shard(2, ELSEWHERE)), into);
        assertThat(Objects.requireNonNull(merged.kernel().client()).counter(KernelCounter.ACTIVE_OPENS))
                .isEqualTo(100_000);
        assertThat(Objects.requireNonNull(merged.kernel().client()).timeWait().peak())
                .isEqualTo(56_200);
        assertThat(Objects.requireNonNull(merged.kernel().server()).counter(KernelCounter.PASSIVE_OPENS))
                .isEqualTo(49_981);
        assertThat(Objects.requireNonNull(merged.server()).counts()).containsEntry("accepted", 49_981L);
    }

    @Test
    void thresholdsAreHeldAgainstTheMergedFigures() throws IOException {
        assertThat(Merge.merge(List.of(shard(1, HERE), shard(2, HERE)), into).thresholds())
                .extracting(Verdict.ThresholdResult::passed)
                .containsExactly(true, true);
    }

    @Test
    void theTimelineAddsWhatTheGeneratorsDid() throws IOException {
        Path first = shard(1, HERE);
        Path second = shard(2, ELSEWHERE);
        Merge.merge(List.of(first, second), into);
        List<TimelineReader.Row> merged = rows(into.path());
        assertThat(merged).hasSize(20);
        assertThat(sum(merged, "started")).isEqualTo(2 * sum(rows(first), "started"));
        assertThat(merged.get(4).cells()).containsEntry("established", 400.0);
        assertThat(merged.get(5).cells()).containsEntry("established", 198.0);
        assertThat(merged.getFirst().cells()).containsKey("connectP99Micros");
    }

    /** Results of two machines often lie in directories of one name. */
    @Test
    void shardsOfOneNameAreStillTwo() throws IOException {
        Path first = Files.move(
                shard(1, HERE), Files.createDirectory(root.resolve("one")).resolve("result"));
        Path second = Files.move(
                shard(2, ELSEWHERE), Files.createDirectory(root.resolve("two")).resolve("result"));
        Summary merged = Merge.merge(List.of(first, second), into);
        double inFlight = rows(first).getFirst().cell("inFlight");
        assertThat(rows(into.path()).getFirst().cell("inFlight")).isEqualTo(2 * inFlight);
        assertThat(merged.reconciliation())
                .extracting(Reconciled::sentence)
                .anyMatch(check -> check.startsWith("two/result: "));
    }

    @Test
    void exchangesThatFailedAreInTheMergedTimeline() throws IOException {
        Path first = shard(1, HERE);
        Path timeline = first.resolve(ResultsDirectory.TIMELINE);
        List<String> lines = new ArrayList<>(Files.readAllLines(timeline));
        int column = List.of(lines.getFirst().split(",", -1)).indexOf("exchangeErrors");
        String[] cells = lines.get(1).split(",", -1);
        cells[column] = "7";
        lines.set(1, String.join(",", cells));
        Files.write(timeline, lines);
        Merge.merge(List.of(first, shard(2, ELSEWHERE)), into);
        assertThat(sum(rows(into.path()), "exchangeErrors")).isEqualTo(7);
    }

    @Test
    void noConnectionCountsTwice() throws IOException {
        Path shard = shard(1, HERE);
        Path link = Files.createSymbolicLink(root.resolve("link"), shard);
        assertThatThrownBy(() -> Merge.merge(List.of(shard, shard), into)).hasMessageContaining("named twice");
        assertThatThrownBy(() -> Merge.merge(List.of(shard, link), into)).hasMessageContaining("named twice");
        Path copy = Files.createDirectory(root.resolve("copy"));
        for (String name : List.of(ResultsDirectory.SUMMARY, ResultsDirectory.LATENCIES)) {
            Files.copy(shard.resolve(name), copy.resolve(name));
        }
        assertThatThrownBy(() -> Merge.merge(List.of(shard, copy), into)).hasMessageContaining("is a copy of");
        Path inside = Files.move(copy, shard.resolve("shard-0"));
        assertThatThrownBy(() -> Merge.merge(List.of(inside, shard), into)).hasMessageContaining("lie in each other");
    }

    /** As of generators that were interrupted before the load began. */
    @Test
    void shardsThatHaveStartedNothingMayBeAlike() throws IOException {
        Path shard = shard(1, HERE);
        Path summary = shard.resolve(ResultsDirectory.SUMMARY);
        String nothing = Pattern.compile("\"outcomes\"\\s*:\\s*\\{[^}]*}")
                .matcher(Files.readString(summary))
                .replaceAll(outcomes -> outcomes.group().replaceAll(":\\s*\\d+", ": 0"));
        Files.writeString(summary, nothing);
        Path alike = Files.createDirectory(root.resolve("alike"));
        for (String name : List.of(ResultsDirectory.SUMMARY, ResultsDirectory.LATENCIES)) {
            Files.copy(shard.resolve(name), alike.resolve(name));
        }
        assertThat(Merge.merge(List.of(shard, alike), into).outcomes().started())
                .isZero();
    }

    @Test
    void aMergeIsAFinishedRunThatCanBeDrawnAndMergedAgain() throws IOException {
        Merge.merge(List.of(shard(1, HERE), shard(2, ELSEWHERE)), into);
        assertThat(HtmlReport.fromDirectory(into.path())).contains("100,000 connections");
        Summary again = Merge.merge(List.of(into.path(), shard(3, HERE)), ResultsDirectory.at(root.resolve("again")));
        assertThat(again.outcomes().started()).isEqualTo(150_000);
        assertThat(Environment.read(root.resolve("again").resolve(ResultsDirectory.ENVIRONMENT))
                        .shards())
                .hasSize(3);
    }

    @Test
    void whatIsNotAShardIsRefusedBySentence() throws IOException {
        Path shard = shard(1, HERE);
        assertThatThrownBy(() -> Merge.merge(List.of(shard, root), into)).hasMessageContaining("holds no finished run");
        assertThatThrownBy(() -> Merge.merge(List.of(shard), new ResultsDirectory(shard)))
                .hasMessageContaining("into itself");
        assertThatThrownBy(() -> Merge.merge(List.of(shard, root.resolve("none")), into))
                .hasMessageContaining("none holds no finished run");
        Path other = shard(2, HERE);
        Path summary = other.resolve(ResultsDirectory.SUMMARY);
        Files.writeString(summary, Files.readString(summary).replace("\"short-vs-keepalive\"", "\"churn\""));
        assertThatThrownBy(() -> Merge.merge(List.of(shard, other), into))
                .hasMessageContaining("only shards of one profile");
        Files.delete(shard.resolve(ResultsDirectory.LATENCIES));
        assertThatThrownBy(() -> Merge.merge(List.of(shard), into)).hasMessageContaining("has no latencies.hlog");
    }

    private Path shard(long seed, long clientNamespace) throws IOException {
        return Examples.writeRun(root, 10, seed, Examples.environment(clientNamespace));
    }

    private static List<TimelineReader.Row> rows(Path directory) throws IOException {
        List<TimelineReader.Row> rows = new ArrayList<>();
        try (TimelineReader reader = TimelineReader.all(directory.resolve(ResultsDirectory.TIMELINE))) {
            for (TimelineReader.Row row = reader.next(); row != null; row = reader.next()) {
                rows.add(row);
            }
        }
        return rows;
    }

    private static double sum(List<TimelineReader.Row> rows, String column) {
        return rows.stream().mapToDouble(row -> row.cell(column)).sum();
    }
}
