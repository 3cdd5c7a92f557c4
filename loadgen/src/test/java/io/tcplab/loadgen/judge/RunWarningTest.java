package io.tcplab.loadgen.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.observe.LimitSetBy;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.TimelineWriter;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class RunWarningTest {

    static List<RunWarning> everyWarning() {
        return List.of(
                new RunWarning.GeneratorSaturated(0.97, 2_049),
                new RunWarning.LocalPortsExhausted(1_204, 28_232, 1, 0, 470.5),
                new RunWarning.PortSearchCliff(17, 764, 0.83),
                new RunWarning.OfferedRateNotReached(5_000, 4_100, 4_090),
                new RunWarning.AcceptQueueOverflowed(40, true, 17, 16, LimitSetBy.LISTEN, ""),
                new RunWarning.ServerOutOfDescriptors("127.0.0.1:80 (nginx, pid 12)", 1_024, 1_024),
                new RunWarning.ServerStopped("127.0.0.1:80 (nginx, pid 12)", 1, 3),
                new RunWarning.SynQueueDrops(171, 129),
                new RunWarning.SynCookiesSent(171, 5, 1),
                new RunWarning.SynRetryClusters(31, "1, 2, 3", 40),
                new RunWarning.TimeWaitBucketOverflow(Side.CLIENT, 40, 10),
                new RunWarning.ResetsByUnreadData("the server", 23),
                new RunWarning.CloseWaitStays(Side.SERVER, 500),
                new RunWarning.ConntrackFull(262_144, 262_144),
                new RunWarning.TooFewSamples("connect", "p99.9", 2_000, 10_000),
                new RunWarning.DescriptorsExhausted(12, 20_000),
                new RunWarning.ListenerBacklogClamped(65_535, 4_096, 4_096),
                new RunWarning.ForeignTraffic(Side.CLIENT, 12, 0.002),
                new RunWarning.InvariantBroken("started = sum of outcomes", 23, 22),
                new RunWarning.ClockUncertain(120, 5_000),
                new RunWarning.ConnectQueueing(4_063, 9),
                new RunWarning.LeftoverTimeWait(12_000, 0.42),
                new RunWarning.ObserverLost(3),
                new RunWarning.GcPauses(3, 12.5, 20));
    }

    @Test
    void theListOfWarningsIsClosedAndWhole() {
        assertThat(everyWarning().stream().map(Object::getClass))
                .containsExactlyInAnyOrder(RunWarning.class.getPermittedSubclasses());
        assertThat(everyWarning().stream().map(RunWarning::code))
                .contains("generatorSaturated", "localPortsExhausted", "leftoverTimeWait", "gcPauses")
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("everyWarning")
    void eachSaysWhatWasSeenAndWhatToDo(RunWarning warning) {
        assertThat(warning.message())
                .matches("(?s).*\\d.*")
                .doesNotContain("%s", "%d", "null")
                .hasSizeLessThan(250);
        assertThat(warning.advice()).hasSizeGreaterThan(20).doesNotContain("null");
    }

    @Test
    void thePortArithmeticIsShown() {
        assertThat(everyWarning().get(1).message())
                .isEqualTo(
                        "1,204 connects found no local port (EADDRNOTAVAIL): 28,232 ports × 1 source ÷ 60 s of TIME_WAIT"
                                + " sustain 471 connections/s");
    }

    @Test
    void everyKeyCodeAndColumnIsExplained() throws IOException {
        String docs = Files.readString(Path.of("..", "docs", "results.md"));
        assertThat(docs)
                .contains(everyWarning().stream().map(w -> "`" + w.code() + "`").toList());
        assertThat(docs)
                .contains(
                        TimelineWriter.COLUMNS.stream().map(c -> "`" + c + "`").toList());
        assertThat(docs)
                .contains(Arrays.stream(Summary.class.getRecordComponents())
                        .map(RecordComponent::getName)
                        .map(key -> "| `" + key + "` |")
                        .toList());
        assertThat(docs)
                .contains(Arrays.stream(ConnectionOutcome.values())
                        .map(o -> "| `" + o.key() + "` |")
                        .toList());
        assertThat(docs)
                .contains(Arrays.stream(Metric.values())
                        .map(m -> "| `" + m.key() + "` |")
                        .toList());
    }
}
