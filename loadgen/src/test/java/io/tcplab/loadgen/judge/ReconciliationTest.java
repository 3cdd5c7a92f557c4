package io.tcplab.loadgen.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileReader;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.LatencyRecorder;
import io.tcplab.loadgen.record.LedgerReading;
import io.tcplab.loadgen.record.Measurement;
import io.tcplab.loadgen.result.Reconciled;
import io.tcplab.loadgen.result.Reconciled.Check;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.ServerProcess;
import io.tcplab.loadgen.watch.SideFigures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the server's kernel may count above our connections, and what it may not. */
@Timeout(30)
class ReconciliationTest {

    @TempDir
    private Path directory;

    private Map<String, Long> atEnd = Map.of();

    private List<Reconciled> checks(long completed, long timedOut, long accepted, long passiveOpens, long overflows)
            throws IOException {
        return checks("", completed, timedOut, accepted, passiveOpens, overflows);
    }

    private List<Reconciled> checks(
            String more, long completed, long timedOut, long accepted, long passiveOpens, long overflows)
            throws IOException {
        Path file = Files.writeString(directory.resolve("profile.yaml"), """
                load: {open: {rate: 100/s}}
                mix: [{name: only, close: {by: client, how: rst}}]
                """ + more);
        Profile profile = ProfileReader.read(file, List.of());
        Map<String, Long> server = Map.of(
                KernelCounter.PASSIVE_OPENS.kernelName(), passiveOpens,
                KernelCounter.LISTEN_OVERFLOWS.kernelName(), overflows);
        return Reconciliation.of(
                profile,
                measured(completed, timedOut),
                new KernelFigures(null, side(server)),
                new ServerProcess(1, Map.of("accepted", accepted)),
                false);
    }

    private static Measurement measured(long completed, long timedOut) {
        long[] outcomes = new long[ConnectionOutcome.values().length];
        outcomes[ConnectionOutcome.COMPLETED.ordinal()] = completed;
        outcomes[ConnectionOutcome.TIMED_OUT.ordinal()] = timedOut;
        return measured(outcomes, completed + timedOut, completed);
    }

    private static Measurement measured(ConnectionOutcome how, long count) {
        long[] outcomes = new long[ConnectionOutcome.values().length];
        outcomes[how.ordinal()] = count;
        return measured(outcomes, count, 0);
    }

    private static Measurement measured(long[] outcomes, long started, long completed) {
        LedgerReading counts =
                new LedgerReading(started, started, completed, completed, 0, 0, 0, 0, 0, 0, 0, 0, 0, outcomes);
        return new Measurement(
                Instant.EPOCH,
                0,
                1_000_000_000,
                1,
                Map.of("only", counts),
                counts,
                Map.of(),
                Map.of(),
                Map.of(),
                List.of(),
                LatencyRecorder.newHistogram(),
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
                false);
    }

    private SideFigures side(Map<String, Long> counters) {
        return new SideFigures(counters, Map.of(), atEnd, null, List.of(), new KernelFigures.TimeWait(0, 0L), 80, null);
    }

    private static boolean agrees(List<Reconciled> checks, Check which) {
        return checks.stream()
                .filter(each -> each.is(which))
                .findFirst()
                .orElseThrow()
                .agrees();
    }

    /** Measured: 50 connections, 0 PassiveOpens. */
    @ParameterizedTest
    @CsvSource({
        "'protocol: none\nserver: {deferAccept: 2s}\n', false",
        "'protocol: none\nserver: {command: nginx, port: 80}\n', false",
        "'server: {deferAccept: 2s}\n', true",
        "'protocol: none\n', true"
    })
    void whatIsResetBeforeAnyDataIsNotMissedAtAServerThatAcceptsByData(String more, boolean checked)
            throws IOException {
        assertThat(checks(more, 50, 0, 0, 0, 0).stream().anyMatch(each -> each.is(Check.HANDSHAKES)))
                .isEqualTo(checked);
    }

    @Test
    void whereNoQueueWasFullTheKernelsCountIsTheirs() throws IOException {
        List<Reconciled> checks = checks(1_000, 0, 1_000, 1_001, 0);

        assertThat(agrees(checks, Check.ACCEPTED)).isFalse();
        assertThat(agrees(checks, Check.HANDSHAKES)).isFalse();
        assertThat(agrees(checks(1_000, 30, 1_000, 1_001, 0), Check.ACCEPTED)).isFalse();
    }

    @Test
    void atAFullQueueTheKernelMayCountAHandshakeTwice() throws IOException {
        List<Reconciled> checks = checks(681_234, 34_301, 718_390, 718_407, 268_247);

        assertThat(agrees(checks, Check.ACCEPTED)).isTrue();
        assertThat(checks).as("who met a full queue is not known").noneMatch(each -> each.is(Check.HANDSHAKES));
    }

    @Test
    void moreThanTheKernelThrowsAwayIsMissedAtAFullQueueToo() throws IOException {
        assertThat(agrees(checks(681_234, 34_301, 718_390, 719_109, 268_247), Check.ACCEPTED))
                .isTrue();
        assertThat(agrees(checks(681_234, 34_301, 718_390, 719_110, 268_247), Check.ACCEPTED))
                .isFalse();
    }

    /** Measured: 33 half-open connections at the last look, and 46 more accepted by the time that the companion was asked. */
    @Test
    void whatAFullQueueHasDelayedBeyondTheLastLookIsHeldAgainstNobody() throws IOException {
        atEnd = Map.of("SYN_RECV", 33L);

        assertThat(checks(17_039, 20_519, 28_622, 28_576, 228_253)).noneMatch(each -> each.is(Check.ACCEPTED));
    }

    @Test
    void aConnectionThatTheCompanionDidNotTakeIsMissed() throws IOException {
        List<Reconciled> checks = checks(1_000, 0, 998, 1_000, 0);

        assertThat(agrees(checks, Check.ACCEPTED)).isFalse();
        assertThat(agrees(checks, Check.HANDSHAKES)).isTrue();
    }

    @Test
    void noCompanionTakesMoreThanTheKernelHas() throws IOException {
        assertThat(agrees(checks(1_000, 0, 1_000, 999, 0), Check.ACCEPTED)).isFalse();
        assertThat(agrees(checks(1_000, 30, 1_001, 1_000, 30), Check.ACCEPTED)).isFalse();
    }

    @Test
    void equalCountsAgree() throws IOException {
        assertThat(checks(1_000, 0, 1_000, 1_000, 0)).hasSize(3).allMatch(Reconciled::agrees);
    }

    /** Measured: 13 sockets that had met themselves, 5 TCPAbortOnData and 8 TCPAbortOnClose. */
    @ParameterizedTest
    @EnumSource(
            value = ConnectionOutcome.class,
            names = {"SELF_CONNECTED", "REFUSED"})
    void abortsAreNotComparedWhereSocketsHaveMetThemselves(ConnectionOutcome how) throws IOException {
        Path file = Files.writeString(
                directory.resolve("profile.yaml"),
                "load: {open: {rate: 100/s}}\nmix: [{name: only}]\nprotocol: echo\n");
        List<Reconciled> checks = Reconciliation.of(
                ProfileReader.read(file, List.of()),
                measured(how, 13),
                new KernelFigures(side(Map.of(KernelCounter.ABORTS_ON_DATA.kernelName(), 5L)), null),
                null,
                false);

        assertThat(checks.stream().anyMatch(each -> each.is(Check.ABORTS)))
                .isEqualTo(how != ConnectionOutcome.SELF_CONNECTED);
    }
}
