package io.tcplab.companion.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.companion.CompanionCounts;
import io.tcplab.companion.CompanionException;
import io.tcplab.companion.CompanionSettings;
import io.tcplab.companion.SettingsWith;
import io.tcplab.companion.protocol.CloseStyle;
import io.tcplab.companion.protocol.Frames;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
class CompanionProcessIT {

    @Test
    void aChildServesCountsAndEndsWhenClosed() throws Exception {
        CompanionProcess companion = CompanionProcess.start(CompanionSettings.DEFAULTS);
        try (companion) {
            assertThat(companion.address().getPort()).isBetween(9000, 9099);
            assertThat(companion.address().getAddress().isLoopbackAddress()).isTrue();
            for (int i = 0; i < 23; i++) {
                new Socket(companion.address().getAddress(), companion.address().getPort()).close();
            }
            // What finish() takes from the queue it may close itself, before it has read the peer's FIN.
            while (companion.counts().peerClosedFirst() < 23) {
                Thread.onSpinWait();
            }
            CompanionCounts counts = companion.finish(Duration.ofSeconds(20));
            assertThat(counts.active()).isZero();
            assertThat(counts.accepted()).isEqualTo(23);
            assertThat(counts.peerClosedFirst()).isEqualTo(23);
            assertThat(counts.cpuSeconds()).isPositive();
            long before = System.nanoTime();
            assertThat(companion.clock().nanos()).isBetween(before, System.nanoTime());
        }
        assertThat(companion.isAlive()).isFalse();
    }

    @Test
    void aChildObservesWhenItIsAskedTo() throws Exception {
        try (CompanionProcess companion = CompanionProcess.start(SettingsWith.of("backlog", 9, "acceptPaused", true))) {
            ObservationLog.Part part = companion.observations(0);
            assertThat(part.observations()).isNotEmpty();
            assertThat(part.observations().getFirst().acceptQueueLimit()).isEqualTo(9);
        }
    }

    @Test
    void outOfDescriptorsItRestsAndRecovers() throws Exception {
        List<String> few = List.of("/bin/sh", "-c", "ulimit -n 100; exec \"$@\"", "few");
        try (CompanionProcess companion = CompanionProcess.start(CompanionSettings.DEFAULTS, few)) {
            List<Socket> held = new ArrayList<>();
            for (int i = 0; i < 120; i++) {
                held.add(new Socket(
                        companion.address().getAddress(), companion.address().getPort()));
            }
            CompanionCounts before = companion.counts();
            while (before.acceptFailures() < 3) {
                before = companion.counts();
            }
            // Ten tries a second: a spinning acceptor would fail hundreds of times between two answers.
            for (int i = 0; i < 20; i++) {
                long failures = companion.counts().acceptFailures();
                assertThat(companion.counts().acceptFailures()).isLessThan(failures + 100);
            }
            for (Socket socket : held) {
                socket.close();
            }
            CompanionCounts last = companion.finish(Duration.ofSeconds(20));
            while (last.active() > 0) {
                last = companion.counts();
            }
            // What finish() took from the queue it may close itself, before it has read the peer's FIN.
            assertThat(last.peerClosedFirst() + last.closedFin() + last.resetsSeen())
                    .isEqualTo(last.accepted());
            assertThat(last.accepted()).isGreaterThan(30);
        }
    }

    /** Half of them, whatever peers ask for: who comes next is served. */
    @Test
    void abandonedConnectionsLeaveDescriptorsForOthers() throws Exception {
        List<String> few = List.of("/bin/sh", "-c", "ulimit -n 400; exec \"$@\"", "few");
        byte[] abandon = Frames.request(CloseStyle.ABANDON, 0, 16, 1, 7);
        byte[] close = Frames.request(CloseStyle.FIN, 0, 16, 1, 7);
        List<Socket> held = new ArrayList<>();
        try (CompanionProcess companion = CompanionProcess.start(CompanionSettings.DEFAULTS, few)) {
            for (int i = 0; i < 410; i++) {
                held.add(said(companion, abandon));
                assertThat(held.getLast().getInputStream().read())
                        .as("connection %d is answered", i)
                        .isNotNegative();
            }
            assertThat(companion.counts().abandoned()).isBetween(100L, 200L);
            try (Socket last = said(companion, close)) {
                assertThat(last.getInputStream().readNBytes(2))
                        .as("served, then closed")
                        .hasSize(1);
            }
        } finally {
            for (Socket socket : held) {
                socket.close();
            }
        }
    }

    private static Socket said(CompanionProcess companion, byte[] request) throws IOException {
        Socket socket =
                new Socket(companion.address().getAddress(), companion.address().getPort());
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(request);
        return socket;
    }

    @Test
    void aBusyPortIsOneSentenceWithTheRemedy() throws Exception {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> CompanionProcess.start(SettingsWith.of("port", busy.getLocalPort())))
                    .isInstanceOf(CompanionException.class)
                    .hasMessage("bind 127.0.0.1:" + busy.getLocalPort()
                            + ": EADDRINUSE, another socket listens there; stop it or choose another port");
        }
    }

    @Test
    void aPrefixRunsTheChildAndTheChildsDeathIsNoticed() throws Exception {
        try (CompanionProcess companion = CompanionProcess.start(CompanionSettings.DEFAULTS, List.of("nice"))) {
            ProcessHandle child = ProcessHandle.of(companion.pid()).orElseThrow();
            assertThat(child.destroyForcibly()).isTrue();
            child.onExit().get(20, TimeUnit.SECONDS);
            assertThatThrownBy(companion::counts)
                    .isInstanceOf(CompanionException.class)
                    .hasMessageContaining("has ended");
        }
    }

    @Test
    void theChildIsGoneWhenTheParentIsKilled() throws Exception {
        Process parent = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ParentThatWaits.class.getName())
                .start();
        ProcessHandle child;
        try (BufferedReader said = parent.inputReader()) {
            child = ProcessHandle.of(Long.parseLong(said.readLine())).orElseThrow();
            assertThat(child.isAlive()).isTrue();
        } finally {
            parent.destroyForcibly();
        }
        child.onExit().get(20, TimeUnit.SECONDS);
        assertThat(child.isAlive()).isFalse();
    }

    /** Starts a companion, says its process id and waits to be killed. */
    static final class ParentThatWaits {
        private ParentThatWaits() {}

        public static void main(String[] arguments) throws Exception {
            CompanionProcess companion = CompanionProcess.start(CompanionSettings.DEFAULTS);
            System.out.println(companion.pid());
            Thread.sleep(60_000);
        }
    }
}
