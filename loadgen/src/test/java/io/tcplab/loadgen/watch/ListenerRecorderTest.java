package io.tcplab.loadgen.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.counters.SocketStat;
import io.tcplab.kernel.host.SocketOwner;
import io.tcplab.kernel.observe.LimitSetBy;
import io.tcplab.kernel.observe.Observation;
import io.tcplab.kernel.observe.ObservedListener;
import io.tcplab.kernel.sockdiag.ListenerReading;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ListenerRecorderTest {

    private final ListenerRecorder recorder = new ListenerRecorder();

    private static ObservedListener listener(long inode, long length, long drops) {
        return listener(inode, length, 32, drops);
    }

    private static ObservedListener listener(long inode, long length, long limit, long drops) {
        return new ObservedListener(
                new ListenerReading(new InetSocketAddress("127.0.0.1", 80), false, length, limit, drops, inode),
                Optional.of(LimitSetBy.LISTEN),
                Optional.empty());
    }

    private void see(long others, ObservedListener... listeners) {
        see(0, 0, others, listeners);
    }

    private void see(double second, long opens, long others, ObservedListener... listeners) {
        recorder.add(new Observation(
                (long) (second * 1e9),
                0,
                List.of(listeners),
                others,
                new SocketStat(0, 0, 0, 0, 0, 0),
                Optional.empty(),
                false,
                Map.of("Tcp.PassiveOpens", opens),
                0));
    }

    private List<ListenerFigures> figures(long overflows) {
        return recorder.figures(Map.of("TcpExt.ListenOverflows", overflows, "TcpExt.ListenDrops", overflows), 0);
    }

    @Test
    void theWorstOfSeveralLeadsWithItsOwnQueue() {
        see(0, listener(1, 0, 0), listener(2, 5, 7));
        see(0, listener(1, 1, 0), listener(2, 33, 17));
        assertThat(figures(10).getFirst())
                .returns(2L, ListenerFigures::inode)
                .returns(33L, ListenerFigures::peak)
                .returns(32L, ListenerFigures::limit)
                .returns(10L, ListenerFigures::drops)
                .returns(10L, ListenerFigures::overflows);
        assertThat(figures(10).getLast()).returns(1L, ListenerFigures::peak).returns(0L, ListenerFigures::overflows);
    }

    @Test
    void anOverflowThatNoLookMetProvesThePeak() {
        see(0, listener(1, 0, 0));
        see(0, listener(1, 2, 21));
        assertThat(figures(21).getFirst()).returns(33L, ListenerFigures::peak).returns(2L, ListenerFigures::last);
    }

    @Test
    void overflowsThatOthersDropsMayAccountForAreNotOurs() {
        see(100, listener(1, 0, 0));
        see(173, listener(1, 2, 0));
        assertThat(figures(73).getFirst())
                .returns(0L, ListenerFigures::overflows)
                .returns(2L, ListenerFigures::peak);
    }

    /** Another port's listener overflowed between two looks and is gone: nobody's drops are left to tell, and ours has none. */
    @Test
    void noMoreOverflowsAreOursThanOurSocketDropped() {
        see(0, listener(1, 0, 0));
        see(0, listener(1, 2, 3));
        assertThat(figures(73).getFirst()).returns(3L, ListenerFigures::overflows);
    }

    @Test
    void aListenerThatCameLaterBeganWithoutDropsAndOneThatWentIsNotOpen() {
        see(0, listener(1, 3, 4));
        see(0, listener(2, 0, 5));
        assertThat(figures(5).getFirst())
                .returns(2L, ListenerFigures::inode)
                .returns(5L, ListenerFigures::overflows)
                .returns(true, ListenerFigures::open);
        assertThat(figures(5).getLast())
                .returns(0L, ListenerFigures::drops)
                .returns(3L, ListenerFigures::last)
                .returns(false, ListenerFigures::open);
    }

    @Test
    void whatTheKernelDoesNotSayIsAbsent() {
        see(ListenerReading.UNKNOWN, listener(1, 0, ListenerReading.UNKNOWN));
        assertThat(figures(0).getFirst()).returns(null, ListenerFigures::drops);
    }

    @Test
    void aListenerThatWentAwayIsGoneFromTheFirstLookThatDidNotFindIt() {
        see(1, 0, 0, listener(1, 30, 0));
        see(2.04, 0, 0);
        see(2.5, 0, 0);
        assertThat(figures(0).getFirst())
                .returns(2.04, ListenerFigures::goneAtSecond)
                .returns(30L, ListenerFigures::last);
        assertThat(ListenerInWords.line(figures(0).getFirst())).endsWith("gone at 2.04 s with 30 in its queue");
    }

    @Test
    void aTimeInWhichTheQueueGrewByAllThatCameIsOneInWhichNothingWasAccepted() {
        see(1, 0, 0, listener(1, 3, 0));
        see(2.3, 10, 0, listener(1, 3, 0));
        see(3, 70, 0, listener(1, 73, 0));
        // One that came between the two readings is in one of them only.
        see(4, 101, 0, listener(1, 173, 0));
        see(5.3, 99, 0, listener(1, 273, 0));
        see(6, 50, 0, listener(1, 20, 0));
        assertThat(recorder.nothingAccepted(0)).isEqualTo(new KernelFigures.Stretch(2.3, 5.3));
    }

    /** One worker is stopped, and the others have nothing to accept: that is no pause of theirs. */
    @Test
    void aQueueThatOneOfSeveralListenersLeavesIsItsOwn() {
        see(1, 0, 0, listener(1, 0, 0), listener(2, 3, 0));
        see(2, 4, 0, listener(1, 0, 0), listener(2, 7, 0));
        see(3, 0, 0, listener(1, 0, 0), listener(2, 7, 0));
        assertThat(recorder.nothingAccepted(0)).isEqualTo(new KernelFigures.Stretch(1, 3, "127.0.0.1:80"));
    }

    /** On a busy machine four connections came between the two readings of one look. */
    @Test
    void aCounterThatIsReadLateIsNoAccept() {
        see(1, 0, 0, listener(1, 3, 0));
        see(1.5, 29, 0, listener(1, 28, 0));
        see(2.5, 46, 0, listener(1, 78, 0));
        assertThat(recorder.nothingAccepted(0)).isEqualTo(new KernelFigures.Stretch(1, 2.5));
    }

    /** A full queue keeps its length while a slow server takes one after the other. */
    @Test
    void aQueueThatStaysFullWhileConnectionsAreTakenIsNoStall() {
        for (int i = 0; i < 100; i++) {
            see(i / 10.0, 5, 0, listener(1, 33, 0));
        }
        assertThat(recorder.nothingAccepted(0)).isNull();
    }

    /** Four workers of one address; 80 connections come in a second, and the looks are a tenth of a second apart. */
    private void seeFour(double second, long queueOfTheFirst, long ofTheOthers) {
        see(
                second,
                8,
                0,
                listener(1, queueOfTheFirst, 0),
                listener(2, ofTheOthers, 0),
                listener(3, 0, 0),
                listener(4, ofTheOthers, 0));
    }

    private ListenerFigures.@Nullable Stall stallOfTheFirst() {
        return figures(0).stream()
                .filter(each -> each.inode() == 1)
                .findFirst()
                .orElseThrow()
                .nothingAccepted();
    }

    @Test
    void oneWorkerWhoseQueueGrowsByItsShareIsStuckUntilItGoesOn() {
        seeFour(1, 0, 0);
        for (int tenth = 1; tenth <= 15; tenth++) {
            seeFour(1 + tenth / 10.0, tenth * 2L, 1);
        }
        seeFour(2.6, 20, 0);
        assertThat(stallOfTheFirst()).as("before it is seen to go on").isNull();
        seeFour(2.7, 1, 0);
        for (int tenth = 28; tenth <= 50; tenth++) {
            seeFour(tenth / 10.0, tenth % 3, 0);
        }

        assertThat(stallOfTheFirst()).isEqualTo(new ListenerFigures.Stall(1.1, 2.5, 30));
        assertThat(figures(0))
                .filteredOn(each -> each.nothingAccepted() != null)
                .hasSize(1);
        assertThat(recorder.nothingAccepted(0)).as("by any").isNull();
    }

    @Test
    void aWorkerThatIsStuckToTheEndIsOneAsWell() {
        for (int tenth = 1; tenth <= 15; tenth++) {
            seeFour(tenth / 10.0, tenth * 2L, 0);
        }
        assertThat(stallOfTheFirst()).isEqualTo(new ListenerFigures.Stall(0.1, 1.5, 30));
    }

    /** Its queue stands at its limit and one more; what came before that shows that nothing was taken. */
    @Test
    void aQueueThatIsFullGrowsNoMore() {
        for (int tenth = 1; tenth <= 30; tenth++) {
            seeFour(tenth / 10.0, Math.min(33, tenth * 2L), 0);
        }
        assertThat(stallOfTheFirst()).isEqualTo(new ListenerFigures.Stall(0.1, 3, 33));
    }

    @Test
    void aSlowWorkerTakesSomeOfItsShare() {
        for (int tenth = 1; tenth <= 30; tenth++) {
            seeFour(tenth / 10.0, tenth, 0);
        }
        assertThat(stallOfTheFirst()).isNull();
    }

    /** It takes a fifth of what comes; its queue is full soon, and what it takes is replaced before the next look. */
    @Test
    void aSlowWorkerWhoseQueueIsFullIsNotStuck() {
        for (int tenth = 1; tenth <= 50; tenth++) {
            see(
                    tenth / 10.0,
                    20,
                    0,
                    listener(1, Math.min(33, tenth * 4L), 0),
                    listener(2, 0, 0),
                    listener(3, 0, 0),
                    listener(4, 0, 0));
        }
        assertThat(stallOfTheFirst()).isNull();
    }

    @Test
    void aWorkerThatLeavesOneWaitingAndTakesAllTheRestIsNotStuck() {
        for (int tenth = 1; tenth <= 50; tenth++) {
            seeFour(tenth / 10.0, 1, 0);
        }
        assertThat(stallOfTheFirst()).isNull();
    }

    /** All comes to the first, which takes half of it. */
    @Test
    void aWorkerThatGetsMoreThanItsShareMayTakeMoreThanItLeaves() {
        for (int tenth = 1; tenth <= 20; tenth++) {
            see(
                    tenth / 10.0,
                    80,
                    0,
                    listener(1, tenth * 40L, 5000, 0),
                    listener(2, 0, 0),
                    listener(3, 0, 0),
                    listener(4, 0, 0));
        }
        assertThat(stallOfTheFirst()).isNull();
    }

    @Test
    void workersThatAreAllTooSlowAreNotOneThatIsStuck() {
        for (int tenth = 1; tenth <= 15; tenth++) {
            long queue = tenth * 2L;
            see(
                    tenth / 10.0,
                    12,
                    0,
                    listener(1, queue, 0),
                    listener(2, queue, 0),
                    listener(3, queue, 0),
                    listener(4, queue, 0));
        }
        assertThat(stallOfTheFirst()).isNull();
    }

    /** listen() was called again with a smaller backlog, after the queue was long and before it was nearly empty. */
    @Test
    void aPeakBelongsToTheLimitThatHeldThen() {
        see(1, 0, 0, listener(1, 100, 500, 0));
        see(2.04, 0, 0, listener(1, 3, 16, 0));
        assertThat(figures(0).getFirst())
                .returns(100L, ListenerFigures::peak)
                .returns(500L, ListenerFigures::limit)
                .returns(List.of(new ListenerFigures.LimitChange(2.04, 500, 16)), ListenerFigures::limitChanges);
        assertThat(ListenerInWords.line(figures(0).getFirst()))
                .isEqualTo("127.0.0.1:80: queue 100 of 500, set by listen(), limit changed from 500 to 16 at 2.04 s");
    }

    @Test
    void anOverflowBelongsToTheLimitUnderWhichSegmentsWereDropped() {
        see(1, 0, 0, listener(1, 10, 16, 0));
        see(2, 0, 0, listener(1, 12, 16, 20));
        see(3, 0, 0, listener(1, 300, 500, 30));
        assertThat(figures(30).getFirst()).returns(17L, ListenerFigures::peak).returns(16L, ListenerFigures::limit);
    }

    private static SocketOwner process(long pid, int stopped) {
        return new SocketOwner(pid, "nginx", 1, stopped, OptionalLong.of(10), OptionalLong.of(1024));
    }

    /** As after a reload: whoever has the listener by now did nothing wrong. */
    @Test
    void aWorkerThatWasStoppedIsNamedAlsoWhenAnotherHasTakenItsPlace() {
        see(1, 0, 0, listener(1, 0, 0).heldBy(process(7, 0)));
        see(2, 0, 0, listener(1, 3, 0).heldBy(process(7, 1)));
        see(3, 0, 0, listener(1, 0, 0).heldBy(process(8, 0)));
        assertThat(figures(0).getFirst()).returns(7L, ListenerFigures::pid).returns(1, ListenerFigures::stopped);
    }

    @Test
    void aWorkerThatWasStuckIsNamedAlsoWhenAnotherHasTakenItsPlace() {
        for (int tenth = 1; tenth <= 15; tenth++) {
            see(tenth / 10.0, 4, 0, listener(1, tenth * 2L, 0).heldBy(process(7, 0)), listener(2, 0, 0));
        }
        see(1.6, 4, 0, listener(1, 0, 0).heldBy(process(8, 0)), listener(2, 0, 0));
        assertThat(figures(0).getFirst())
                .returns(7L, ListenerFigures::pid)
                .returns(new ListenerFigures.Stall(0.1, 1.5, 30), ListenerFigures::nothingAccepted);
    }
}
