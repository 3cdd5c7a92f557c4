package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.judge.warning.RunWarning;
import io.tcplab.loadgen.record.Cause;
import io.tcplab.loadgen.record.CauseTally;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.record.Phase;
import io.tcplab.loadgen.record.Spread;
import io.tcplab.loadgen.watch.SpecimenListener;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests without a response are distinguished by where they were lost; a delayed ACK from a server that is slow. */
@Timeout(30)
class SlowWarningsTest extends WarningsOfARun {

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

    /** It takes 50 connections a second where 200 come: its queue is never empty. */
    @Test
    void aFewThatWaitAtTheEndAreNotAServerThatDoesNotAccept() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        outcome(ConnectionOutcome.EXCHANGE_TIMED_OUT, 11);
        cause(Incident.NOT_ANSWERED, Phase.RECEIVING, 11, null);
        listener(4, null, 0L);

        assertThat(one("exchangesTimedOut").message()).contains("4 connections are still in the accept queue");
        assertThat(one("exchangesTimedOut").advice()).doesNotContain("does not accept");
    }

    /** Three requests were answered on the same connection: it was accepted. */
    @Test
    void aConnectionThatHadAnswersBeforeDidNotWaitInTheQueue() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        outcome(ConnectionOutcome.EXCHANGE_TIMED_OUT, 2);
        Cause cause = new Cause(Incident.NOT_ANSWERED, "", Errno.OK, Phase.RECEIVING, 0);
        causes.add(new CauseTally.Counted(cause, 2, 0, SECOND, null, new Spread(3, 3, 4), null, null, null, null));
        listeners.add(new SpecimenListener().queue(2, 1).accepted(100).figures());

        assertThat(one("exchangesTimedOut").advice()).startsWith("the server has the requests");
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

    /** The client of a final ACK that was dropped sends its request until there is room; that is no loss on the way. */
    @Test
    void whatAFullQueueDropsInASharedNamespaceIsNotSaidToBeLostOnTheWay() {
        outcome(ConnectionOutcome.COMPLETED, 100);
        outcome(ConnectionOutcome.EXCHANGE_TIMED_OUT, 1);
        cause(Incident.NOT_ANSWERED, Phase.RECEIVING, 1, null);
        shared = true;
        listener(0, null, 1_392L);
        sentAgain(817, 495);

        assertThat(one("exchangesTimedOut").message()).doesNotContain("again");
        assertThat(one("exchangesTimedOut").advice()).startsWith("the server has the requests");
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
}
