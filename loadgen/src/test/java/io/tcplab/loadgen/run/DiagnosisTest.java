package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.judge.warning.ClockUncertain;
import io.tcplab.loadgen.judge.warning.CloseWaitStays;
import io.tcplab.loadgen.judge.warning.Facts;
import io.tcplab.loadgen.judge.warning.ObserverLost;
import io.tcplab.loadgen.judge.warning.PacketsDroppedHere;
import io.tcplab.loadgen.judge.warning.ResetsByUnreadData;
import io.tcplab.loadgen.judge.warning.RunWarning;
import io.tcplab.loadgen.judge.warning.Warnings;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileReader;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.LatencyRecorder;
import io.tcplab.loadgen.record.LedgerReading;
import io.tcplab.loadgen.record.Measurement;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.result.Environment;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.watch.ClockOffset;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.Leftovers;
import io.tcplab.loadgen.watch.ListenerFigures;
import io.tcplab.loadgen.watch.SideFigures;
import io.tcplab.loadgen.watch.SideSettings;
import io.tcplab.loadgen.watch.SpecimenListener;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nobody is accused of what may be another's, and a latency is explained only by what the kernel counted. */
@Timeout(30)
class DiagnosisTest {

    private static final long SECOND = 1_000_000_000;
    private static final Leftovers NOTHING_LEFT = new Leftovers(0, 0, 0.0, 0.5, 2);

    @TempDir
    private Path directory;

    private Profile profile;
    private final Histogram connects = LatencyRecorder.newHistogram();
    private final Histogram startDelays = LatencyRecorder.newHistogram();
    private OptionalDouble connectOverhead = OptionalDouble.empty();
    private List<Double> connectP50Micros = List.of();
    private SideSettings clientSide = side(1L);
    private Facts.Mishaps mishaps = Facts.Mishaps.NONE;

    private LedgerReading withinTime = LedgerReading.ZERO;
    private boolean interrupted = true;

    @BeforeEach
    void readProfile() throws Exception {
        profile = ProfileReader.read(
                Files.writeString(directory.resolve("p.yaml"), "load: {open: {rate: 100/s}}\nmix: [{name: only}]\n"),
                List.of());
    }

    private static SideSettings side(@Nullable Long namespace) {
        return new SideSettings("host", namespace, Map.of(), Map.of(), Map.of());
    }

    private static SideFigures kernel(Map<String, Long> counters, long closeWait, List<ListenerFigures> listeners) {
        return new SideFigures(
                counters,
                Map.of(),
                Map.of("CLOSE_WAIT", closeWait),
                null,
                listeners,
                new KernelFigures.TimeWait(0, 0L),
                80,
                null);
    }

    private static SideFigures counted(KernelCounter counter, long times) {
        return kernel(Map.of(counter.kernelName(), times), 0, List.of());
    }

    private List<RunWarning> diagnose(KernelFigures kernel, long serverNamespace, @Nullable ClockOffset clock) {
        Histogram rtts = LatencyRecorder.newHistogram();
        rtts.recordValue(23_000);
        Measurement measured = new Measurement(
                Instant.EPOCH,
                0,
                SECOND,
                1,
                Map.of(),
                withinTime,
                Map.of(),
                Map.of("only", Map.of(Metric.CONNECT, connects, Metric.START_DELAY, startDelays)),
                Map.of(),
                connectP50Micros,
                rtts,
                Map.of(),
                List.of(),
                List.of(),
                Map.of(),
                null,
                0,
                0.5,
                0,
                0,
                0,
                interrupted);
        Environment environment = new Environment(
                "", "6.18", "", 2, "", "", "epoll", null, null, "none", clientSide, side(serverNamespace), List.of());
        Summary summary = SummaryBuilder.build(
                profile,
                List.of(Located.of(new InetSocketAddress(80))),
                List.of(),
                measured,
                kernel,
                List.of(),
                null,
                clock,
                NOTHING_LEFT);
        return Warnings.in(new Facts(profile, measured, summary, environment, mishaps, () -> connectOverhead));
    }

    private List<String> codes(KernelFigures kernel) {
        return diagnose(kernel, 2, null).stream().map(RunWarning::code).toList();
    }

    @Test
    void aSharedNamespaceAccusesNeitherSideOfItsResets() {
        SideFigures both = counted(KernelCounter.ABORTS_ON_CLOSE, 200);

        assertThat(diagnose(new KernelFigures(both, both), 1, null))
                .singleElement()
                .extracting(RunWarning::message)
                .asString()
                .startsWith("one of the two sides (they share a network namespace, and perhaps other programs do)"
                        + " reset 200 connections");
    }

    @Test
    void anObserverThatWentAwayIsNamedWithItsTimeAndNoLeakIsSaid() {
        SideFigures lost = new SideFigures(
                Map.of(), Map.of(), null, null, List.of(), new KernelFigures.TimeWait(3, null), 80, 2.5);

        assertThat(diagnose(new KernelFigures(null, lost), 2, null)).containsExactly(new ObserverLost(2.5));
    }

    @Test
    void aNamespaceOfItsOwnShowsWhichSideReset() {
        KernelFigures apart = new KernelFigures(
                counted(KernelCounter.ABORTS_ON_CLOSE, 0), counted(KernelCounter.ABORTS_ON_CLOSE, 200));

        assertThat(diagnose(apart, 2, null)).containsExactly(new ResetsByUnreadData("the server", 200));
    }

    @Test
    void whatIsStillInTheAcceptQueueIsNoLeakOfTheApplication() {
        ListenerFigures listener = new SpecimenListener().queue(502, 502).figures();

        assertThat(codes(new KernelFigures(null, kernel(Map.of(), 502, List.of(listener)))))
                .isEmpty();
        assertThat(diagnose(new KernelFigures(null, kernel(Map.of(), 505, List.of(listener))), 2, null))
                .containsExactly(new CloseWaitStays(Side.SERVER, 3, 0, ""));
    }

    @Test
    void secondsAreLaidToLostSynsOnlyWhereSynsWereSentAgain() {
        connects.recordValueWithCount(20_000, 100);
        connects.recordValueWithCount(1_020_000_000, 7);

        assertThat(codes(new KernelFigures(counted(KernelCounter.SYN_RETRANSMITS, 0), null)))
                .isEmpty();
        assertThat(codes(new KernelFigures(counted(KernelCounter.SYN_RETRANSMITS, 7), null)))
                .containsExactly("synRetryClusters");
    }

    /** ListenDrops are the namespace's; the socket's own drops say whether the target had any. */
    @Test
    void lostSynsAreLaidToTheQueueOnlyWhereTheTargetsListenerDroppedSome() {
        connects.recordValueWithCount(20_000, 100);
        connects.recordValueWithCount(1_020_000_000, 7);
        SideFigures client = counted(KernelCounter.SYN_RETRANSMITS, 7);
        Map<String, Long> drops = Map.of(KernelCounter.LISTEN_DROPS.kernelName(), 300L);

        assertThat(advice(new KernelFigures(client, kernel(drops, 0, List.of(listenerThatDropped(0))))))
                .startsWith("a SYN or its answer was lost on the way, as the target's listeners dropped none");
        assertThat(advice(new KernelFigures(client, kernel(drops, 0, List.of(listenerThatDropped(9))))))
                .startsWith("the target's listeners dropped 9 SYNs and final ACKs");
        assertThat(advice(new KernelFigures(client, null))).contains("listenOverflows");
    }

    private String advice(KernelFigures kernel) {
        return diagnose(kernel, 2, null).stream()
                .filter(each -> each.code().equals("synRetryClusters"))
                .findFirst()
                .orElseThrow()
                .advice();
    }

    private static ListenerFigures listenerThatDropped(long segments) {
        return new SpecimenListener().limit(16).queue(3, 0).drops(segments).figures();
    }

    @Test
    void aWaitForASecondSynIsNotLaidToTheGenerator() {
        connects.recordValueWithCount(1_020_000_000, 100);

        assertThat(codes(new KernelFigures(counted(KernelCounter.SYN_RETRANSMITS, 100), null)))
                .containsExactly("synRetryClusters");
        assertThat(codes(new KernelFigures(counted(KernelCounter.SYN_RETRANSMITS, 0), null)))
                .containsExactly("connectQueueing");
    }

    /** At 100 a second on an idle core connect(2) takes 110 to 130 µs, whoever calls it. */
    @Test
    void whatConnectItselfTakesOnThisMachineIsNotLaidToTheGenerator() {
        connects.recordValueWithCount(145_000, 100);

        assertThat(codes(KernelFigures.NOT_OBSERVED))
                .as("where no local port is left to measure it with, nobody is accused")
                .isEmpty();
        connectOverhead = OptionalDouble.of(14);
        assertThat(codes(KernelFigures.NOT_OBSERVED)).containsExactly("connectQueueing");
        connectOverhead = OptionalDouble.of(110);
        assertThat(codes(KernelFigures.NOT_OBSERVED)).isEmpty();
        connects.recordValueWithCount(900_000, 200);
        assertThat(diagnose(KernelFigures.NOT_OBSERVED, 2, null))
                .singleElement()
                .extracting(RunWarning::message)
                .asString()
                .contains("connect(2) itself takes 110 µs more here");
    }

    @Test
    void aClockThatIsKnownWithinARowIsNotWarnedOf() {
        assertThat(diagnose(KernelFigures.NOT_OBSERVED, 2, new ClockOffset(3e9, 400_000)))
                .isEmpty();
        assertThat(diagnose(KernelFigures.NOT_OBSERVED, 2, new ClockOffset(3e9, 600_000)))
                .containsExactly(new ClockUncertain(3e9, 600_000));
    }

    @Test
    void anOpenLoopOfWhichHalfStartsLateIsSaturatedHoweverIdleItsLoopsLook() {
        startDelays.recordValueWithCount(1_210_000_000, 100);

        List<RunWarning> late = diagnose(KernelFigures.NOT_OBSERVED, 2, null);

        assertThat(Warnings.leaveValid(late)).isFalse();
        assertThat(late).extracting(RunWarning::code).containsExactly("generatorSaturated");
    }

    @Test
    void anOpenLoopThatLeavesStartsOutIsSaturatedAlsoWhereTheOthersStartSoon() {
        interrupted = false;
        startDelays.recordValueWithCount(53_000_000, 100);

        List<RunWarning> behind = diagnose(KernelFigures.NOT_OBSERVED, 2, null);

        assertThat(behind).extracting(RunWarning::code).contains("generatorSaturated", "offeredRateNotReached");
        assertThat(Warnings.leaveValid(behind)).isFalse();
        startDelays.reset();
        startDelays.recordValueWithCount(1_000_000, 100);
        assertThat(diagnose(KernelFigures.NOT_OBSERVED, 2, null))
                .extracting(RunWarning::code)
                .contains("offeredRateNotReached")
                .doesNotContain("generatorSaturated");
    }

    /** 10 connections at 100/s that last for 0.9 s each take 1 s: 10/s, of which none is missing. */
    @Test
    void aLoadThatStartedAllItsConnectionsHasReachedItsRate() throws Exception {
        interrupted = false;
        startDelays.recordValueWithCount(53_000_000, 10);
        profile = ProfileReader.read(
                Files.writeString(
                        directory.resolve("ten.yaml"),
                        "connections: 10\nload: {open: {rate: 100/s}}\nmix: [{name: only}]\n"),
                List.of());

        withinTime = started(9);
        assertThat(diagnose(KernelFigures.NOT_OBSERVED, 2, null))
                .extracting(RunWarning::code)
                .contains("generatorSaturated", "offeredRateNotReached");
        withinTime = started(10);
        assertThat(diagnose(KernelFigures.NOT_OBSERVED, 2, null))
                .extracting(RunWarning::code)
                .doesNotContain("generatorSaturated", "offeredRateNotReached");
    }

    private static LedgerReading started(long connections) {
        long[] outcomes = new long[ConnectionOutcome.values().length];
        outcomes[ConnectionOutcome.COMPLETED.ordinal()] = connections;
        return new LedgerReading(connections, connections, connections, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, outcomes);
    }

    /** The warm-up of a high rate takes half of the ports, and no interval of the recorded part has had a quick connect. */
    @Test
    void aSlowSearchForPortsIsNamedAlsoWhereEveryConnectWasSlow() {
        connects.recordValueWithCount(1_980_000, 100);
        connectP50Micros = List.of(1_900.0, 1_980.0);
        connectOverhead = OptionalDouble.of(14);
        clientSide = new SideSettings("host", 1L, Map.of(), Map.of(), Map.of("ephemeralPorts", "28232"));
        startDelays.recordValueWithCount(1_210_000_000, 100);

        List<RunWarning> found = diagnose(withTimeWaits(16_300), 2, null);

        assertThat(found).extracting(RunWarning::code).containsExactly("generatorSaturated", "portSearchCliff");
        assertThat(found)
                .extracting(RunWarning::advice)
                .noneMatch(advice -> advice.contains("add event loops"))
                .anyMatch(advice -> advice.contains("add source addresses"));
        assertThat(diagnose(withTimeWaits(9_000), 2, null))
                .extracting(RunWarning::code)
                .containsExactly("generatorSaturated", "connectQueueing");
    }

    @Test
    void packetsThatThisMachineDroppedAreNamedWhereSegmentsWereSentAgain() {
        mishaps = new Facts.Mishaps(0, 0, 27, false, false, null);
        KernelFigures sentAgain = new KernelFigures(
                counted(KernelCounter.RETRANSMITTED_SEGMENTS, 20), counted(KernelCounter.RETRANSMITTED_SEGMENTS, 5));

        assertThat(diagnose(sentAgain, 2, null)).containsExactly(new PacketsDroppedHere(27, 25));
        assertThat(diagnose(sentAgain, 1, null)).containsExactly(new PacketsDroppedHere(27, 20));
        assertThat(codes(KernelFigures.NOT_OBSERVED)).isEmpty();
        mishaps = Facts.Mishaps.NONE;
        assertThat(codes(sentAgain)).isEmpty();
    }

    private static KernelFigures withTimeWaits(long peak) {
        return new KernelFigures(
                new SideFigures(
                        Map.of(), Map.of(), null, null, List.of(), new KernelFigures.TimeWait(peak, null), 80, null),
                null);
    }
}
