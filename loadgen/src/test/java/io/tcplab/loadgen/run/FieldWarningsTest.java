package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.judge.warning.Facts;
import io.tcplab.loadgen.judge.warning.IdleClosed;
import io.tcplab.loadgen.judge.warning.RunWarning;
import io.tcplab.loadgen.judge.warning.Warnings;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.Cause;
import io.tcplab.loadgen.record.CauseTally;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.record.LatencyRecorder;
import io.tcplab.loadgen.record.LedgerReading;
import io.tcplab.loadgen.record.Measurement;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.Phase;
import io.tcplab.loadgen.record.Spread;
import io.tcplab.loadgen.record.TcpFigure;
import io.tcplab.loadgen.result.Environment;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.Leftovers;
import io.tcplab.loadgen.watch.ListenerFigures;
import io.tcplab.loadgen.watch.SideSettings;
import io.tcplab.loadgen.watch.SpecimenListener;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a server of somebody else's did is told apart by what was seen of it, and where nothing was seen nothing is said. */
@Timeout(30)
class FieldWarningsTest {

    private static final long SECOND = 1_000_000_000;

    private final List<CauseTally.Counted> causes = new ArrayList<>();
    private final long[] outcomes = new long[ConnectionOutcome.values().length];
    private final Histogram services = LatencyRecorder.newHistogram();
    private final List<ListenerFigures> listeners = new ArrayList<>();
    private final Map<TcpFigure, Histogram> tcp = new EnumMap<>(TcpFigure.class);
    private Map<String, Long> clientCounters = Map.of();
    private Map<String, Long> serverCounters = Map.of();
    private Map<String, String> clientSysctls = Map.of();
    private Map<String, String> serverSysctls = Map.of();
    private Map<String, String> clientLimits = Map.of();
    private String profileText = "load: {open: {rate: 100/s}}\nmix: [{name: only}]\n";
    private KernelFigures.@Nullable Stretch stall;
    private long openBefore;
    private boolean serverSeen = true;
    private boolean shared;

    private void cause(Incident incident, Phase phase, long count, @Nullable Spread idleMillis) {
        causes.add(new CauseTally.Counted(
                new Cause(incident, "", Errno.OK, phase, 0),
                count,
                0,
                SECOND,
                idleMillis,
                null,
                null,
                null,
                null,
                null));
    }

    private void outcome(ConnectionOutcome outcome, long count) {
        outcomes[outcome.ordinal()] += count;
    }

    private void listener(long last, @Nullable Double goneAtSecond, Long drops) {
        listeners.add(new SpecimenListener()
                .limit(16)
                .queue(last, last)
                .drops(drops)
                .goneAt(goneAtSecond)
                .figures());
    }

    private KernelFigures.SideFigures kernel(Map<String, Long> counters, List<ListenerFigures> of) {
        return new KernelFigures.SideFigures(
                counters,
                Map.of("ESTABLISHED", openBefore),
                Map.of("ESTABLISHED", openBefore),
                Map.of(),
                stall == null ? null : new KernelFigures.AcceptQueue(65_535, 129, 100, null, stall),
                of,
                new KernelFigures.TimeWait(0, 0L),
                80,
                null,
                false);
    }

    private LedgerReading counts() {
        long started = 0;
        for (long each : outcomes) {
            started += each;
        }
        return new LedgerReading(started, started, started, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, outcomes);
    }

    private List<RunWarning> found() {
        Profile profile = Profiles.of(profileText);
        Measurement measured = new Measurement(
                Instant.EPOCH,
                0,
                SECOND,
                1,
                Map.of("only", counts()),
                counts(),
                Map.of(),
                Map.of("only", Map.of(Metric.SERVICE, services)),
                Map.of(),
                List.of(),
                LatencyRecorder.newHistogram(),
                tcp,
                causes,
                List.of(),
                Map.of(),
                null,
                0,
                0.5,
                0,
                0,
                0,
                false);
        SideSettings here = new SideSettings("host", 1L, Map.of(), clientSysctls, clientLimits);
        SideSettings there = new SideSettings("host", shared ? 1L : 2L, Map.of(), serverSysctls, Map.of());
        Environment environment =
                new Environment("", "6.18", "", 2, "", "", "epoll", null, null, "none", here, there, List.of());
        KernelFigures kernel = new KernelFigures(
                kernel(clientCounters, List.of()), serverSeen ? kernel(serverCounters, listeners) : null);
        Summary summary = SummaryBuilder.build(
                profile,
                List.of(Located.of(new InetSocketAddress(80))),
                List.of(),
                measured,
                kernel,
                List.of(),
                null,
                null,
                new Leftovers(0, 0, 0.0, 0.5, 2));
        return Warnings.in(
                new Facts(profile, measured, summary, environment, Facts.Mishaps.NONE, OptionalDouble::empty));
    }

    private List<String> codes() {
        return found().stream().map(RunWarning::code).toList();
    }

    private RunWarning one(String code) {
        return found().stream()
                .filter(each -> each.code().equals(code))
                .findFirst()
                .orElseThrow(() -> new AssertionError(code + " is not among " + codes()));
    }

    @Test
    void aRunOfWhichAllCompletedHasNoWarning() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        listener(0, null, 0L);

        assertThat(found()).isEmpty();
    }

    @Test
    void theServersIdleTimeoutIsMeasuredAndTheWindowOfTheRaceBesideIt() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        cause(Incident.CLOSED_WHILE_IDLE, Phase.THINKING, 100, new Spread(1_000, 999.5, 1_003));
        cause(Incident.CLOSED_WHILE_IDLE, Phase.HOLDING, 38, new Spread(1_001, 999, 1_002));
        cause(Incident.LOST_TO_IDLE_CLOSE, Phase.RECEIVING, 12, new Spread(1_000, 998.8, 1_000.3));

        RunWarning found = one("idleClosed");

        assertThat(found.message())
                .isEqualTo(
                        "the server closed 138 idle connections after 1.00 s (p50; 999 ms to 1.00 s); 12 requests met"
                                + " such a close and were lost: they were sent after 999 ms to 1.00 s of idleness, a window 1.50 ms wide");
        assertThat(found.advice()).contains("clearly less than 999 ms");
        assertThat(found.evidence()).containsEntry("closed", 138L).containsEntry("idleMinMillis", 999.0);
    }

    @Test
    void aServerThatClosesAfterSoManyRequestsIsSaidToDoSo() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        Spread ten = new Spread(10, 10, 10);
        after(Incident.CLOSED_AFTER_RESPONSE, 293, ten);
        after(Incident.LOST_TO_CLOSE, 30, ten);
        after(Incident.RESET_BEFORE_RESPONSE, 75, ten);
        after(Incident.RESET_BEFORE_RESPONSE, 4, new Spread(3, 0, 9));

        assertThat(one("closedUnannounced").message())
                .isEqualTo(
                        "the server closed 293 connections after 10 exchanges without announcing it; 105 requests that were on"
                                + " their way were lost");
    }

    private void after(Incident incident, long count, Spread exchanges) {
        Cause cause = new Cause(incident, "", Errno.OK, Phase.RECEIVING, 0);
        causes.add(new CauseTally.Counted(cause, count, 0, SECOND, null, exchanges, null, null, null, null));
    }

    /** On a busy machine a FIN that came with the response is found late, now and then: no timeout of 12 ms. */
    @Test
    void aFewFinsThatWereFoundLateAreNoIdleTimeout() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        after(Incident.CLOSED_AFTER_RESPONSE, 1_855, new Spread(1, 1, 1));
        cause(Incident.CLOSED_WHILE_IDLE, Phase.THINKING, 4, new Spread(12.7, 12.4, 77.3));

        assertThat(codes()).contains("closedUnannounced").doesNotContain("idleClosed");
    }

    /** What is accepted after its client has given up is in the queue no more: the server was out of descriptors until then. */
    @Test
    void whatWaitedInTheQueueUntilItsClientGaveUpIsNotCalledSlow() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        outcome(ConnectionOutcome.EXCHANGE_TIMED_OUT, 24);
        cause(Incident.NOT_ANSWERED, Phase.RECEIVING, 24, null);
        listeners.add(new SpecimenListener().queue(24, 0).accepted(36).figures());

        assertThat(one("exchangesTimedOut").message())
                .contains("(up to 24 connections waited in the accept queue at a time; none is left there)");
        assertThat(one("exchangesTimedOut").advice()).contains("why the server accepts late");
    }

    /** All within a moment, whatever the idle time: a server that reloads, and no timeout. */
    @Test
    void closesThatComeTogetherAreNoIdleTimeout() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        Cause cause = new Cause(Incident.CLOSED_WHILE_IDLE, "", Errno.OK, Phase.THINKING, 0);
        causes.add(new CauseTally.Counted(
                cause,
                102,
                3 * SECOND,
                3 * SECOND + 40_000_000,
                new Spread(500, 44.8, 1_030),
                null,
                null,
                null,
                null,
                null));

        RunWarning found = one("idleClosed");

        assertThat(found.message())
                .isEqualTo(
                        "the server closed 102 idle connections together, from 3 s to 3.04 s, after 44.8 ms to 1.03 s of"
                                + " idleness: it was reloaded, restarted or shut down; this is no idle timeout");
        assertThat(found.advice()).doesNotContain("below the server's");
    }

    @Test
    void idleTimesThatAreAlikeAreATimeoutThoughTheClosesComeTogether() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        Cause cause = new Cause(Incident.CLOSED_WHILE_IDLE, "", Errno.OK, Phase.THINKING, 0);
        causes.add(new CauseTally.Counted(
                cause, 50, SECOND, SECOND + 4_000_000, new Spread(1_000, 998, 1_003), null, null, null, null, null));

        assertThat(one("idleClosed").message()).contains("after 1.00 s (p50");
    }

    private void closedAtAge(long count, Spread idleMillis, Spread exchanges, Spread ageMillis) {
        Cause cause = new Cause(Incident.CLOSED_WHILE_IDLE, "", Errno.OK, Phase.THINKING, 0);
        causes.add(new CauseTally.Counted(
                cause, count, SECOND, 4 * SECOND, idleMillis, exchanges, null, null, null, ageMillis));
    }

    @Test
    void closesAtOneAgeOfTheConnectionsAreALimitOfThatAndNoIdleTimeout() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        closedAtAge(64, new Spread(30, 12, 49), new Spread(20, 18, 20), new Spread(1_001, 1_000, 1_008));

        RunWarning found = one("idleClosed");

        assertThat(found.message())
                .isEqualTo(
                        "the server closed 64 idle connections 1.00 s to 1.01 s after they were opened, after 12.0 ms to 49.0 ms of"
                                + " idleness: this is a limit of a connection's age, and no idle timeout");
        assertThat(found.advice()).contains("before 1.00 s").doesNotContain("idle timeout");
    }

    /** It was idle for 700 ms before, and that ended nothing. */
    @Test
    void aPauseThatIsShorterThanThoseBeforeIsNoIdleTimeout() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        closedAtAge(20, new Spread(298, 297, 300), new Spread(2, 2, 2), new Spread(1_001, 1_000, 1_008));

        assertThat(one("idleClosed").message()).contains("a limit of a connection's age");
    }

    @Test
    void anIdleTimeoutBehindTheFirstExchangeIsNoLimitOfAge() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        closedAtAge(20, new Spread(1_000, 999, 1_003), new Spread(1, 1, 1), new Spread(1_001, 1_000, 1_004));
        closedAtAge(20, new Spread(1_000, 999, 1_003), new Spread(5, 5, 5), new Spread(1_401, 1_400, 1_404));

        assertThat(one("idleClosed").message()).contains("after 1.00 s (p50").doesNotContain("age");
    }

    /** nginx closes the longest idle when it has no connection left: 24 after 200 ms, while 16 stay open for seconds. */
    @Test
    void heldConnectionsThatOutliveTheOthersShowThatItIsNoIdleTimeout() {
        IdleClosed found = new IdleClosed(24, 201.0, 185.0, 258.0, false, 0.2, 0.5, null, null, 16, 0, null, null);

        assertThat(found.message())
                .isEqualTo(
                        "the server closed 24 idle connections after 201 ms (p50; 185 ms to 258 ms), while 16 others stayed open"
                                + " that were idle for longer: this is no idle timeout");
        assertThat(found.advice()).contains("limit of connections");
    }

    @Test
    void whatOnlyMetTheCloseShowsTheWindowAlone() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        cause(Incident.LOST_TO_IDLE_CLOSE, Phase.RECEIVING, 3, new Spread(1_000, 999, 1_001));

        assertThat(one("idleClosed").message()).startsWith("3 requests met such a close");
    }

    @Test
    void timeoutsAreToldApartAndThoseInTheQueueWereNeverAccepted() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        outcome(ConnectionOutcome.EXCHANGE_TIMED_OUT, 17);
        cause(Incident.NOT_ANSWERED, Phase.RECEIVING, 17, null);
        listener(17, null, 0L);

        RunWarning found = one("exchangesTimedOut");

        assertThat(found.message())
                .isEqualTo(
                        "responses did not come in time: 17 acknowledged and not answered (17 connections are still in the"
                                + " accept queue: never accepted)");
        assertThat(found.advice()).contains("does not accept");
    }

    @Test
    void aQueueThatWasNotSeenIsNotSaidToBeEmpty() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        outcome(ConnectionOutcome.EXCHANGE_TIMED_OUT, 5);
        cause(Incident.NOT_ANSWERED, Phase.RECEIVING, 2, null);
        cause(Incident.ZERO_WINDOW, Phase.SENDING, 3, null);
        serverSeen = false;

        RunWarning found = one("exchangesTimedOut");

        assertThat(found.message())
                .isEqualTo(
                        "responses did not come in time: 2 acknowledged and not answered, 3 held back by a closed receive"
                                + " window");
        assertThat(found.advice()).contains("had stopped reading");
    }

    /** RetransSegs counts SYN/ACKs that were sent again too, and these are no answers. */
    @Test
    void answersThatAreLostOnTheWayAreNotLaidToASlowServer() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        outcome(ConnectionOutcome.EXCHANGE_TIMED_OUT, 20);
        cause(Incident.NOT_ANSWERED, Phase.RECEIVING, 15, null);
        cause(Incident.ANSWERED_IN_PART, Phase.RECEIVING, 5, null);
        listener(0, null, 0L);
        sentAgain(63, 3);

        assertThat(one("exchangesTimedOut").message()).endsWith("; the server's kernel sent 60 segments again");
        assertThat(one("exchangesTimedOut").advice()).startsWith("the server answered, and its segments are lost");

        sentAgain(63, 60);

        assertThat(one("exchangesTimedOut").message()).doesNotContain("again");
        assertThat(one("exchangesTimedOut").advice())
                .startsWith("the server has the requests")
                .doesNotContain("--observe");

        serverSeen = false;

        assertThat(one("exchangesTimedOut").advice()).contains("--observe");
    }

    private void sentAgain(long segments, long syns) {
        serverCounters = Map.of(
                KernelCounter.RETRANSMITTED_SEGMENTS.kernelName(),
                segments,
                KernelCounter.SYN_RETRANSMITS.kernelName(),
                syns);
    }

    /** The counter is both sides': requests that were not acknowledged were sent again as well. */
    @Test
    void inASharedNamespaceAnswersAreLostOnlyWhereAllRequestsArrived() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        outcome(ConnectionOutcome.EXCHANGE_TIMED_OUT, 20);
        cause(Incident.NOT_ANSWERED, Phase.RECEIVING, 20, null);
        shared = true;
        sentAgain(60, 0);

        assertThat(one("exchangesTimedOut").message())
                .contains("this network namespace's kernel sent 60 segments again");
        assertThat(one("exchangesTimedOut").advice()).startsWith("the requests arrived, and segments are lost");

        cause(Incident.NOT_ACKNOWLEDGED, Phase.RECEIVING, 3, null);

        assertThat(one("exchangesTimedOut").message()).doesNotContain("again");
    }

    @Test
    void requestsThatAreNotAcknowledgedAreLaidToTheQueueOnlyWhereItsListenerDroppedThem() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        outcome(ConnectionOutcome.EXCHANGE_TIMED_OUT, 8);
        cause(Incident.NOT_ACKNOWLEDGED, Phase.RECEIVING, 8, null);
        listener(0, null, 0L);

        assertThat(one("exchangesTimedOut").advice())
                .startsWith("segments are lost on the way")
                .doesNotContain("queue");

        listeners.clear();
        listener(17, null, 40L);

        assertThat(one("exchangesTimedOut").message()).contains("17 connections are still in the accept queue");

        listeners.clear();
        listener(0, null, 40L);

        assertThat(one("exchangesTimedOut").advice())
                .startsWith("the target's listeners dropped 40 SYNs and final ACKs");
    }

    /** A socket that was closed has no queue any more: what was in it the kernel has reset. */
    @Test
    void theQueueOfAListenerThatIsGoneHoldsNothing() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        outcome(ConnectionOutcome.EXCHANGE_TIMED_OUT, 90);
        cause(Incident.NOT_ANSWERED, Phase.RECEIVING, 90, null);
        listener(5, 0.4, 0L);

        assertThat(one("exchangesTimedOut").message()).endsWith("(none is left in the accept queue)");
    }

    @Test
    void aServerThatReadsSlowlyIsNotSaidToLoseSegmentsNorToReadNothing() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        outcome(ConnectionOutcome.EXCHANGE_TIMED_OUT, 3);
        cause(Incident.ZERO_WINDOW, Phase.RECEIVING, 2, null);
        cause(Incident.READ_SLOWLY, Phase.RECEIVING, 1, null);
        listener(0, null, 0L);

        RunWarning found = one("exchangesTimedOut");

        assertThat(found.message()).contains("2 held back by a closed receive window, 1 read too slowly by the server");
        assertThat(found.advice()).isEqualTo("the server's application reads slowly: find out what slows it");
    }

    /** Also where none of its bytes was read: what waits in the queue has a window that fills. */
    @Test
    void aRequestThatFillsTheWindowOfAConnectionInTheQueueWasNeverAccepted() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        outcome(ConnectionOutcome.EXCHANGE_TIMED_OUT, 3);
        cause(Incident.ZERO_WINDOW, Phase.SENDING, 3, null);
        listener(3, null, 0L);

        assertThat(one("exchangesTimedOut").message())
                .endsWith(
                        "held back by a closed receive window (3 connections are still in the accept queue: never accepted)");
    }

    @Test
    void aResetAfterACompleteResponseIsNotOneThatCostsARequest() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        cause(Incident.RESET_AFTER_RESPONSE, Phase.AWAITING_FIN, 40, null);

        assertThat(one("connectionsReset").advice()).contains("harmless here");

        cause(Incident.RESET_BEFORE_RESPONSE, Phase.RECEIVING, 3, null);

        assertThat(one("connectionsReset").message())
                .contains("3 before any response", "40 after the last response was complete");
        assertThat(one("connectionsReset").advice()).startsWith("requests are lost");
    }

    @Test
    void anOfferedRateIsNotReachedEitherWhereConnectionsFail() {
        outcome(ConnectionOutcome.COMPLETED, 60);
        outcome(ConnectionOutcome.REFUSED, 40);

        assertThat(one("offeredRateNotReached").advice()).contains("those that failed are missing");
    }

    @Test
    void delayedAcksAreTheClientsWhereItsNamespaceIsItsOwn() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        services.recordValueWithCount(70_000, 7);
        services.recordValueWithCount(40_300_000, 393);
        clientCounters = Map.of(KernelCounter.DELAYED_ACKS.kernelName(), 393L);

        assertThat(one("nagleMeetsDelayedAck").message()).contains("the server writes a message in parts");

        shared = true;

        assertThat(one("nagleMeetsDelayedAck").message()).contains("one side writes");
    }

    @Test
    void halfOfTheExchangesAreEnoughToShowADelayedAck() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        services.recordValueWithCount(70_000, 210);
        services.recordValueWithCount(40_300_000, 190);
        clientCounters = Map.of(KernelCounter.DELAYED_ACKS.kernelName(), 195L);

        assertThat(one("nagleMeetsDelayedAck").message()).contains("190 exchanges took 40 ms", "in 400 exchanges");
    }

    /** Segments with data of each connection. */
    private void segments(long sent, long received) {
        for (TcpFigure figure : TcpFigure.values()) {
            Histogram counts = LatencyRecorder.newHistogram();
            counts.recordValueWithCount(
                    switch (figure) {
                        case SENT_SEGMENTS -> sent;
                        case RECEIVED_SEGMENTS -> received;
                        case RTT, MIN_RTT, RETRANSMITS, SENT_BYTES, RETRANSMITTED_BYTES, RECEIVED_BYTES -> 1;
                    },
                    100);
            tcp.put(figure, counts);
        }
    }

    /** The ACK of each such request is delayed, and the timer takes 40 ms as well: one segment each way shows that nobody waits for it. */
    @Test
    void aServerThatNeeds40MillisByItselfIsNoNagleInASharedNamespaceEither() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        services.recordValueWithCount(200_000, 200);
        services.recordValueWithCount(41_300_000, 200);
        clientCounters = Map.of(KernelCounter.DELAYED_ACKS.kernelName(), 200L);
        shared = true;

        assertThat(codes()).as("nothing is known of the segments").contains("nagleMeetsDelayedAck");

        segments(4, 4);

        assertThat(codes()).doesNotContain("nagleMeetsDelayedAck");
    }

    @Test
    void whoWritesInPartsIsKnownByTheSegmentsInASharedNamespaceToo() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        services.recordValueWithCount(70_000, 7);
        services.recordValueWithCount(40_300_000, 393);
        clientCounters = Map.of(KernelCounter.DELAYED_ACKS.kernelName(), 393L);
        shared = true;
        segments(4, 8);

        assertThat(one("nagleMeetsDelayedAck").message()).contains("the server writes a message in parts");

        segments(8, 4);

        assertThat(one("nagleMeetsDelayedAck").advice()).contains("client.nodelay");
    }

    /** A server that needs 45 ms for every second answer: its kernel delays the ACK of each such request. */
    @Test
    void aServerThatIsSlowForHalfOfItsAnswersIsNoNagle() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        services.recordValueWithCount(200_000, 200);
        services.recordValueWithCount(45_300_000, 200);
        clientCounters = Map.of(KernelCounter.DELAYED_ACKS.kernelName(), 200L);

        assertThat(found()).isEmpty();
    }

    /** The server's kernel delays its ACK of a request that is answered late: as many delayed ACKs, and nobody's Nagle. */
    @Test
    void aServerOfVariousTimesIsNoNagle() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        services.recordValueWithCount(70_000, 200);
        for (int millis = 20; millis < 220; millis++) {
            services.recordValue(millis * 1_000_000L);
        }
        clientCounters = Map.of(KernelCounter.DELAYED_ACKS.kernelName(), 200L);

        assertThat(found()).isEmpty();
    }

    @Test
    void aServerThatIsSlowByItselfIsNoNagle() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        services.recordValueWithCount(45_000_000, 400);
        clientCounters = Map.of(KernelCounter.DELAYED_ACKS.kernelName(), 400L);

        assertThat(found()).isEmpty();
    }

    @Test
    void aStallOfASecondIsToldWithItsTimes() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        stall = new KernelFigures.Stretch(2.3, 5.3);

        assertThat(one("nothingAccepted").message())
                .isEqualTo("nothing was accepted from 2.3 s to 5.3 s, while connections waited in the accept queue");

        stall = new KernelFigures.Stretch(2.3, 5.3, "127.0.0.1:80 (python3, pid 12)");

        assertThat(one("nothingAccepted").message())
                .isEqualTo(
                        "nothing was accepted at 127.0.0.1:80 (python3, pid 12) from 2.3 s to 5.3 s, while connections waited in"
                                + " its accept queue, and in no other listener's");

        stall = new KernelFigures.Stretch(-3, -0.3);

        assertThat(codes()).as("in the warm-up").isEmpty();
    }

    private void refused(long count, long firstNanos, long lastNanos) {
        outcome(ConnectionOutcome.REFUSED, count);
        Cause cause = new Cause(Incident.CALL_FAILED, "connect", Errno.ECONNREFUSED, Phase.CONNECTING, 0);
        causes.add(new CauseTally.Counted(cause, count, firstNanos, lastNanos, null, null, null, null, null, null));
    }

    /** Its queue was empty: what it cost are the connections that came before another one listened. */
    @Test
    void aServerThatRestartsIsToldWithTheConnectionsThatItRefused() {
        profileText = "target: 127.0.0.1:80\n" + profileText;
        outcome(ConnectionOutcome.COMPLETED, 100);
        listener(0, 2.04, 0L);

        assertThat(codes()).as("nothing was refused").isEmpty();

        refused(31, 2_051_000_000L, 3_120_000_000L);

        assertThat(one("listenerWentAway").message())
                .isEqualTo(
                        "127.0.0.1:80 stopped listening at 2.04 s; 31 connects were refused, from 2.051 s to 3.12 s");
        assertThat(one("listenerWentAway").advice()).contains("restarted or died");
    }

    /** They were refused long before: that it stopped later is not why. */
    @Test
    void refusalsOfBeforeAreNotLaidToAListenerThatWentLater() {
        profileText = "target: 127.0.0.1:80\n" + profileText;
        outcome(ConnectionOutcome.COMPLETED, 100);
        listener(0, 2.04, 0L);
        refused(31, 100_000_000L, 300_000_000L);

        assertThat(codes()).doesNotContain("listenerWentAway");
    }

    /** A run that stops its own server says what that cost in the action's verdict. */
    @Test
    void aStopThatIsPlannedIsNoSurprise() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        listener(0, 2.04, 0L);
        refused(31, 2_051_000_000L, 3_120_000_000L);

        assertThat(codes()).doesNotContain("listenerWentAway");
    }

    private void portsRanOut() {
        profileText =
                "target: 192.168.0.1:80\nload: {open: {rate: 100/s}}\nmix: [{name: only, close: {by: client, how: fin}}]\n";
        outcome(ConnectionOutcome.COMPLETED, 300);
        outcome(ConnectionOutcome.NO_LOCAL_PORT, 20);
        clientLimits = Map.of("ephemeralPorts", "200");
    }

    @Test
    void portsThatReuseGivesAwayLastForItsDelayAndNotFor60Seconds() {
        portsRanOut();
        clientSysctls = Map.of("net.ipv4.tcp_tw_reuse", "1", "net.ipv4.tcp_tw_reuse_delay", "500");

        assertThat(one("localPortsExhausted").message())
                .endsWith(
                        "200 ports × 1 source ÷ 0.5 s until net.ipv4.tcp_tw_reuse gives a port away sustain 400 connections/s");
        assertThat(one("localPortsExhausted").advice()).doesNotContain("tcp_tw_reuse=1");
    }

    /** At 320 connections/s and 0.1 s each it had 32 ports in TIME_WAIT at a time: the others were somebody else's. */
    @Test
    void portsThatComeBackSoonAndAreMissingAllTheSameAreOthers() {
        portsRanOut();
        clientSysctls = Map.of("net.ipv4.tcp_tw_reuse", "1", "net.ipv4.tcp_tw_reuse_delay", "100");

        assertThat(one("localPortsExhausted").message())
                .endsWith(
                        "of 200 ports × 1 source this run took no more than 32; earlier connections to the target, or other"
                                + " programs', had the rest");
    }

    /** Another program held 150 of them before the run, and still does. */
    @Test
    void connectionsThatAnotherProgramHeldBeforeAreNotOurOwn() {
        portsRanOut();
        clientSysctls = Map.of("net.ipv4.tcp_tw_reuse", "1", "net.ipv4.tcp_tw_reuse_delay", "100");
        openBefore = 150;

        assertThat(one("localPortsExhausted").message()).contains("no more than 32; earlier connections");
    }

    /** tcp_tw_reuse=2, the kernel's default, is for loopback addresses alone. */
    @Test
    void reuseForLoopbackGivesNoPortToAnotherTarget() {
        portsRanOut();
        clientSysctls = Map.of("net.ipv4.tcp_tw_reuse", "2");

        assertThat(one("localPortsExhausted").message()).contains("÷ 60 s of TIME_WAIT sustain 3.33 connections/s");
        assertThat(one("localPortsExhausted").advice()).contains("set net.ipv4.tcp_tw_reuse=1");
    }

    /** The age of a TIME_WAIT is known by the timestamps of its connection, which both sides agree on. */
    @Test
    void reuseIsNothingWhereTheServerHasTurnedTimestampsOff() {
        portsRanOut();
        clientSysctls = Map.of("net.ipv4.tcp_tw_reuse", "1");
        serverSysctls = Map.of("net.ipv4.tcp_timestamps", "0");

        assertThat(one("localPortsExhausted").message()).contains("÷ 60 s of TIME_WAIT");
        assertThat(one("localPortsExhausted").advice())
                .contains("set net.ipv4.tcp_timestamps=1 on both sides, which tcp_tw_reuse needs")
                .doesNotContain("tcp_tw_reuse=1");
    }

    /** 200 RSTs of the server are its SO_LINGER 0; the 100 closes with unread data may be the client's own. */
    @Test
    void resetsByLingerAreNotTakenForClosesWithUnreadData() {
        outcome(ConnectionOutcome.COMPLETED, 200);
        cause(Incident.RESET_AFTER_RESPONSE, Phase.AWAITING_FIN, 200, null);
        shared = true;
        serverCounters = Map.of(
                KernelCounter.ABORTS_ON_CLOSE.kernelName(), 100L, KernelCounter.ABORTS_ON_DATA.kernelName(), 200L);
        clientCounters = serverCounters;

        assertThat(one("resetsByUnreadData").message()).startsWith("one of the two sides");

        serverCounters = Map.of(KernelCounter.ABORTS_ON_CLOSE.kernelName(), 100L);
        clientCounters = serverCounters;

        assertThat(one("resetsByUnreadData").message()).startsWith("the server reset 100 connections");
    }

    @Test
    void aListenerThatWentAwayIsToldWithWhatItLeft() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        listener(110, 2.04, 0L);

        assertThat(one("listenerWentAway").message())
                .startsWith("127.0.0.1:80 stopped listening at 2.04 s with 110 connections in its queue");
    }
}
