package io.tcplab.loadgen.judge.warning;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.ListenerFigures;
import io.tcplab.loadgen.watch.ListenerInWords;
import io.tcplab.loadgen.watch.SideFigures;
import io.tcplab.loadgen.watch.SideSettings;
import io.tcplab.loadgen.watch.SpecimenListener;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Judged by what kernels showed, without a run. */
@Timeout(20)
class KernelsTest {

    private static ListenerFigures listener(long peak, long last, long drops, @Nullable Double goneAtSecond) {
        return new SpecimenListener()
                .of("nginx")
                .queue(peak, last)
                .drops(drops)
                .goneAt(goneAtSecond)
                .figures();
    }

    private static List<RunWarning> judged(
            Map<String, Long> counters,
            long closeWait,
            ListenerFigures listener,
            KernelFigures.@Nullable Stretch nothingAccepted,
            long explainedAborts) {
        return judged(counters, closeWait, List.of(listener), nothingAccepted, explainedAborts);
    }

    private static List<RunWarning> judged(
            Map<String, Long> counters,
            long closeWait,
            List<ListenerFigures> listeners,
            KernelFigures.@Nullable Stretch nothingAccepted,
            long explainedAborts) {
        ListenerFigures worst = listeners.getFirst();
        SideFigures server = new SideFigures(
                counters,
                Map.of("SYN_RECV", 25L),
                Map.of("CLOSE_WAIT", closeWait),
                new KernelFigures.AcceptQueue(511, worst.peak(), 0, "listen", nothingAccepted),
                listeners,
                new KernelFigures.TimeWait(0, 0L),
                80,
                null);
        SideSettings settings = new SideSettings(
                null,
                null,
                Map.of(),
                Map.of("net.ipv4.tcp_syncookies", "0", "net.ipv4.tcp_max_syn_backlog", "32"),
                Map.of());
        return Warnings.in(new Kernels(
                new KernelFigures(null, server), null, settings, Kernels.Scope.ANYBODY, explainedAborts, 0));
    }

    @Test
    void aQueueThatIsFullWithoutAnOverflowIsSaid() {
        assertThat(judged(Map.of(), 0, listener(512, 512, 0, null), null, 0))
                .containsExactly(new AcceptQueueFull("127.0.0.1:80 (nginx, pid 12)", 512, 511));
    }

    /** As of a server with a listener for each of its threads. */
    @Test
    void aProcessWithSeveralListenersIsNamedOnce() {
        List<ListenerFigures> four = IntStream.of(17, 9, 0, 0)
                .mapToObj(peak -> new SpecimenListener()
                        .of("envoy")
                        .queue(peak, 0)
                        .stopped()
                        .outOfDescriptors(1024)
                        .figures())
                .toList();
        assertThat(judged(Map.of(), 0, four, null, 0))
                .containsExactlyInAnyOrder(
                        new ServerStopped("127.0.0.1:80 (envoy, pid 12)", 1, 1),
                        new ServerOutOfDescriptors("127.0.0.1:80 (envoy, pid 12)", 1024, 1024, 17));
    }

    @Test
    void aQueueWhoseLimitChangedIsToldWithTheLimitThatHeld() {
        ListenerFigures listener = new SpecimenListener()
                .of("nginx")
                .limit(16)
                .limitBefore(511, 2.04)
                .queue(17, 0)
                .figures();
        assertThat(judged(Map.of(), 0, listener, null, 0))
                .singleElement()
                .extracting(RunWarning::message)
                .asString()
                .startsWith(
                        "the accept queue of 127.0.0.1:80 (nginx, pid 12), whose limit changed from 511 to 16 at 2.04 s, was"
                                + " full: 17 connections with a limit of 16");
    }

    /** The namespace's overflows are another port's: this queue is full all the same, and dropped nothing. */
    @Test
    void anotherPortsOverflowsDoNotHideAFullQueue() {
        assertThat(judged(Map.of("TcpExt.ListenOverflows", 40L), 0, listener(512, 512, 0, null), null, 0))
                .containsExactly(new AcceptQueueFull("127.0.0.1:80 (nginx, pid 12)", 512, 511));
    }

    /** Where each of several listeners dropped, none can be told by the others' drops; its own say how many at the least. */
    @Test
    void overflowsOfSeveralListenersAreCountedByTheirOwnDrops() {
        Map<String, Long> both = Map.of("TcpExt.ListenOverflows", 400L, "TcpExt.ListenDrops", 400L);

        assertThat(judged(both, 0, listener(512, 3, 101, null), null, 0))
                .singleElement()
                .extracting(RunWarning::message)
                .asString()
                .contains("overflowed at least 51 times: it peaked at 512 with a limit of 511");
        assertThat(judged(
                        Map.of("TcpExt.ListenOverflows", 400L, "TcpExt.ListenDrops", 900L),
                        0,
                        listener(512, 3, 101, null),
                        null,
                        0))
                .first()
                .extracting(RunWarning::message)
                .asString()
                .contains("overflowed at least once");
    }

    /** Many servers keep a descriptor in reserve, to accept and to close at once where they have no other. */
    @Test
    void aServerWithoutDescriptorsWhoseQueueIsEmptyIsNotSaidToLeaveConnectionsThere() {
        assertThat(new ServerOutOfDescriptors("127.0.0.1:80", 40, 40, 25).message())
                .endsWith("and connections stay in the queue");
        assertThat(new ServerOutOfDescriptors("127.0.0.1:80", 40, 40, 0).message())
                .endsWith("or what it takes is turned away at once");
    }

    /** 25 half-open connections at the most do not fill a queue of 511: the cookies were another listener's. */
    @Test
    void aSynQueueIsNotCalledFullWhereTheTargetHadFarFewerHalfOpenConnections() {
        Map<String, Long> counters = Map.of("TcpExt.SyncookiesSent", 171L, "TcpExt.TCPReqQFullDrop", 12L);

        assertThat(judged(counters, 0, listener(3, 0, 0, null), null, 0)).isEmpty();
        assertThat(judged(counters, 0, listener(3, 0, 12, null), null, 0)).isEmpty();
    }

    /** Both sides are one namespace: its buckets overflowed once, not once on each side. */
    @Test
    void bucketsThatBothSidesShareOverflowOnce() {
        SideFigures both = new SideFigures(
                Map.of("TcpExt.TCPTimeWaitOverflow", 40L),
                Map.of(),
                Map.of(),
                null,
                new KernelFigures.TimeWait(0, 0L),
                80);
        SideSettings settings =
                new SideSettings(null, null, Map.of(), Map.of("net.ipv4.tcp_max_tw_buckets", "10"), Map.of());

        assertThat(Warnings.in(
                        new Kernels(new KernelFigures(both, both), settings, settings, Kernels.Scope.SHARED, 0, 0)))
                .singleElement()
                .isEqualTo(new TimeWaitBucketOverflow(null, 40, 10))
                .extracting(RunWarning::message)
                .asString()
                .startsWith("40 connections of this network namespace skipped TIME_WAIT");
    }

    /** The counter does not say whose it is; our own connections, which saw an RST each, do. */
    @Test
    void resetsThatOurConnectionsSawAreTheServersInASharedNamespaceToo() {
        SideFigures both = new SideFigures(
                Map.of("TcpExt.TCPAbortOnClose", 200L),
                Map.of(),
                Map.of(),
                null,
                new KernelFigures.TimeWait(0, 0L),
                80);

        assertThat(resets(both, 200)).startsWith("the server reset 200 connections");
        assertThat(resets(both, 199)).startsWith("one of the two sides (they share a network namespace");
    }

    private static String resets(SideFigures both, long seen) {
        return Warnings.in(new Kernels(new KernelFigures(both, both), null, null, Kernels.Scope.SHARED, 0, seen))
                .getFirst()
                .message();
    }

    @Test
    void whatWasInCloseWaitBeforeIsSaidSo() {
        SideFigures server = new SideFigures(
                Map.of(),
                Map.of("CLOSE_WAIT", 300L),
                Map.of("CLOSE_WAIT", 200L),
                Map.of("CLOSE_WAIT", 300L),
                null,
                List.of(listener(7, 0, 0, null)),
                new KernelFigures.TimeWait(0, 0L),
                80,
                null,
                false,
                null);

        assertThat(Warnings.in(new Kernels(new KernelFigures(null, server), null, null, Kernels.Scope.APART, 0, 0)))
                .singleElement()
                .extracting(RunWarning::message)
                .asString()
                .contains("300 sockets", "200 of them already when observing began");
    }

    @Test
    void aListenerThatWentWithNothingInItsQueueIsNoLoss() {
        assertThat(judged(Map.of(), 0, listener(7, 0, 0, 2.04), null, 0)).isEmpty();
        assertThat(judged(Map.of(), 0, listener(110, 110, 0, 2.04), null, 0))
                .containsExactly(new ListenerWentAway("127.0.0.1:80 (nginx, pid 12)", 2.04, 110, 0, null, null));
    }

    @Test
    void aTimeWithoutAnAcceptIsSaid() {
        assertThat(judged(Map.of(), 0, listener(110, 0, 0, null), new KernelFigures.Stretch(2.3, 5.3), 0))
                .containsExactly(new NothingAccepted(2.3, 5.3, null));
    }

    @Test
    void aWorkerThatAcceptsNothingIsNamedOnce() {
        ListenerFigures stuck = new SpecimenListener()
                .of("python3")
                .queue(38, 0)
                .stuck(2, 3.5, 38)
                .figures();
        List<RunWarning> found =
                judged(Map.of(), 0, stuck, new KernelFigures.Stretch(2, 3.5, ListenerInWords.name(stuck)), 0);

        assertThat(found)
                .singleElement()
                .returns(
                        "next to nothing was accepted at 127.0.0.1:80 (python3, pid 12), socket 1, from 2 s to 3.5 s: its accept"
                                + " queue only grew, to 38 connections, while other listeners of the address accepted theirs",
                        RunWarning::message)
                .returns("nothingAccepted", RunWarning::code);
    }

    /** Without SYN cookies the last quarter of the backlog is kept for known peers; another port's drops are none of ours. */
    @Test
    void dropsWithRoomInTheQueueAreLaidToTheReservedPartOfTheBacklog() {
        Map<String, Long> drops = Map.of("TcpExt.ListenDrops", 668L);

        assertThat(judged(drops, 0, listener(7, 0, 668, null), null, 0))
                .containsExactly(new SynBacklogReserved(668, 25, 32));
        assertThat(judged(drops, 0, listener(7, 0, 0, null), null, 0)).isEmpty();
    }

    /** 40 of the 668 drops may be this listener's, whose socket counted as many: the others were another port's. */
    @Test
    void noMoreDropsAreLaidToTheTargetThanItsOwnSocketCounted() {
        assertThat(judged(Map.of("TcpExt.ListenDrops", 668L), 0, listener(7, 0, 40, null), null, 0))
                .containsExactly(new SynBacklogReserved(40, 25, 32));
    }

    private static ListenerFigures withLimit(long limit, long drops) {
        return new SpecimenListener().of("node").limit(limit).drops(drops).figures();
    }

    private static List<RunWarning> inState(
            Map<String, Long> counters, long halfOpen, ListenerFigures listener, Kernels.Scope scope) {
        SideFigures server = new SideFigures(
                counters,
                Map.of("SYN_RECV", halfOpen),
                Map.of(),
                null,
                List.of(listener),
                new KernelFigures.TimeWait(0, 0L),
                80,
                null);
        return Warnings.in(new Kernels(new KernelFigures(null, server), null, null, scope, 0, 0));
    }

    private static RunWarning cookies(
            long sent, long received, long failed, long halfOpen, long limit, Kernels.Scope scope) {
        Map<String, Long> counters = Map.of(
                "TcpExt.SyncookiesSent", sent, "TcpExt.SyncookiesRecv", received, "TcpExt.SyncookiesFailed", failed);
        return inState(counters, halfOpen, withLimit(limit, 0), scope).getFirst();
    }

    @Test
    void cookiesAreCountedByWhatBecameOfThem() {
        RunWarning burst = cookies(171, 165, 1, 16, 16, Kernels.Scope.SHARED);

        assertThat(burst.message())
                .isEqualTo(
                        "the SYN queue was full: 171 SYNs were answered by a SYN cookie, 165 ACKs brought one back, 1 had none that"
                                + " is valid");
        assertThat(burst.advice()).contains("raise the listen() backlog");

        RunWarning flood = cookies(171, 0, 0, 16, 16, Kernels.Scope.SHARED);

        assertThat(flood.message()).endsWith("171 SYNs were answered by a SYN cookie, none came back");
        assertThat(flood.advice())
                .startsWith("most handshakes were not completed")
                .doesNotContain("raise");
    }

    /** {@code inet_csk_reqsk_queue_is_full}: a second half-open connection, in older kernels the first one, finds no place. */
    @Test
    void aBacklogOf0IsNamedAsWhatMakesTheSynQueueShort() {
        assertThat(cookies(20, 20, 0, 0, 0, Kernels.Scope.SHARED).message())
                .startsWith(
                        "the target's listen() backlog is 0, so that its SYN queue holds one at most: 20 SYNs were answered");
    }

    /** A look now and then misses the most of a short queue; but in one namespace it may have been another port's that was full. */
    @Test
    void aShortSynQueueThatWasNotSeenFullIsNotAccusedInASharedNamespace() {
        assertThat(cookies(20, 20, 0, 3, 16, Kernels.Scope.SHARED).message())
                .startsWith(
                        "a SYN queue of this network namespace was full, perhaps not the target's (3 half-open connections at most");
        assertThat(cookies(20, 20, 0, 3, 16, Kernels.Scope.APART).message()).startsWith("the SYN queue was full: ");
    }

    @Test
    void aForwarderIsNotTakenForTheServerBehindIt() {
        ListenerFigures proxy = new SpecimenListener()
                .at("0.0.0.0:80")
                .of("docker-proxy")
                .limit(16)
                .queue(17, 17)
                .figures();

        assertThat(inState(Map.of(), 0, proxy, Kernels.Scope.SHARED))
                .extracting(RunWarning::message)
                .first()
                .asString()
                .contains("0.0.0.0:80 (docker-proxy, pid 12, a port forwarder before the server)");
    }

    @Test
    void aQueueOfOneIsFullByOneConnection() {
        assertThat(new AcceptQueueFull("127.0.0.1:80", 1, 0).message())
                .contains("was full: 1 connection with a limit of 0");
    }

    @Test
    void whoLeavesSocketsInCloseWaitIsNamed() {
        assertThat(judged(Map.of(), 300, listener(7, 0, 0, null), null, 0))
                .singleElement()
                .extracting(RunWarning::message)
                .asString()
                .startsWith("300 sockets of the server (nginx, pid 12) were still in CLOSE_WAIT at the end");
    }

    /** Our own close of a connection whose response was not what was asked for leaves the rest of it unread. */
    @Test
    void whatTheGeneratorItselfLeftUnreadIsNobodysReset() {
        SideFigures six = new SideFigures(
                Map.of("TcpExt.TCPAbortOnClose", 6L), Map.of(), Map.of(), null, new KernelFigures.TimeWait(0, 0L), 80);

        assertThat(Warnings.in(new Kernels(new KernelFigures(six, six), null, null, Kernels.Scope.SHARED, 0, 0, 6)))
                .isEmpty();
        assertThat(Warnings.in(new Kernels(new KernelFigures(six, six), null, null, Kernels.Scope.APART, 0, 0, 6)))
                .singleElement()
                .extracting(RunWarning::message)
                .asString()
                .startsWith("the server reset 6 connections");
    }

    /** A request that met an idle close, and a socket that was its own peer, are closed with unread data by nobody's fault. */
    @Test
    void resetsWhoseCauseIsKnownAreNotLaidToUnreadData() {
        Map<String, Long> resets = Map.of("TcpExt.TCPAbortOnClose", 4L);

        assertThat(judged(resets, 0, listener(7, 0, 0, null), null, 4)).isEmpty();
        assertThat(judged(resets, 0, listener(7, 0, 0, null), null, 1))
                .singleElement()
                .extracting(RunWarning::message)
                .asString()
                .startsWith("a program of this network namespace (perhaps not the server) reset 3 connections");
    }
}
