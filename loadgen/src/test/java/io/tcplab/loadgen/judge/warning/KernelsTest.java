package io.tcplab.loadgen.judge.warning;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.ListenerFigures;
import io.tcplab.loadgen.watch.SideSettings;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Judged by what kernels showed, without a run. */
@Timeout(20)
class KernelsTest {

    private static ListenerFigures listener(long peak, long last, long drops, @Nullable Double goneAtSecond) {
        return new ListenerFigures(
                "127.0.0.1:80",
                "IPv4",
                1,
                12L,
                "nginx",
                1,
                0,
                511L,
                "listen",
                peak,
                peak,
                last,
                null,
                drops,
                0L,
                null,
                null,
                goneAtSecond == null,
                goneAtSecond);
    }

    private static List<RunWarning> judged(
            Map<String, Long> counters,
            long closeWait,
            ListenerFigures listener,
            KernelFigures.@Nullable Stretch nothingAccepted,
            long explainedAborts) {
        KernelFigures.SideFigures server = new KernelFigures.SideFigures(
                counters,
                Map.of("SYN_RECV", 25L),
                Map.of("CLOSE_WAIT", closeWait),
                new KernelFigures.AcceptQueue(511, listener.peak(), 0, "listen", nothingAccepted),
                List.of(listener),
                new KernelFigures.TimeWait(0, 0L),
                80,
                null);
        SideSettings settings = new SideSettings(
                null,
                null,
                Map.of(),
                Map.of("net.ipv4.tcp_syncookies", "0", "net.ipv4.tcp_max_syn_backlog", "32"),
                Map.of());
        return Warnings.in(
                new Kernels(new KernelFigures(null, server), null, settings, Kernels.Scope.ANYBODY, explainedAborts));
    }

    @Test
    void aQueueThatIsFullWithoutAnOverflowIsSaid() {
        assertThat(judged(Map.of(), 0, listener(512, 512, 0, null), null, 0))
                .containsExactly(new AcceptQueueFull("127.0.0.1:80 (nginx, pid 12)", 512, 511));
    }

    @Test
    void aListenerThatWentWithNothingInItsQueueIsNoLoss() {
        assertThat(judged(Map.of(), 0, listener(7, 0, 0, 2.04), null, 0)).isEmpty();
        assertThat(judged(Map.of(), 0, listener(110, 110, 0, 2.04), null, 0))
                .containsExactly(new ListenerWentAway("127.0.0.1:80 (nginx, pid 12)", 2.04, 110));
    }

    @Test
    void aTimeWithoutAnAcceptIsSaid() {
        assertThat(judged(Map.of(), 0, listener(110, 0, 0, null), new KernelFigures.Stretch(2.3, 5.3), 0))
                .containsExactly(new NothingAccepted(2.3, 5.3));
    }

    /** Without SYN cookies the last quarter of the backlog is kept for known peers; another port's drops are none of ours. */
    @Test
    void dropsWithRoomInTheQueueAreLaidToTheReservedPartOfTheBacklog() {
        Map<String, Long> drops = Map.of("TcpExt.ListenDrops", 668L);

        assertThat(judged(drops, 0, listener(7, 0, 668, null), null, 0))
                .containsExactly(new SynBacklogReserved(668, 25, 32));
        assertThat(judged(drops, 0, listener(7, 0, 0, null), null, 0)).isEmpty();
    }

    @Test
    void whoLeavesSocketsInCloseWaitIsNamed() {
        assertThat(judged(Map.of(), 300, listener(7, 0, 0, null), null, 0))
                .singleElement()
                .extracting(RunWarning::message)
                .asString()
                .startsWith("300 sockets of the server (nginx, pid 12) were still in CLOSE_WAIT at the end");
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
