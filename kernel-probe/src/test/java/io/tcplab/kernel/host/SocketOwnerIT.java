package io.tcplab.kernel.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.Eventually;
import io.tcplab.kernel.namespace.Programs;
import io.tcplab.kernel.sockdiag.SockDiag;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SocketOwnerIT {
    @Test
    void aStoppedProcessIsSeenAsStopped() throws Exception {
        Process child = new ProcessBuilder("sleep", "60").start();
        try {
            String pid = Long.toString(child.pid());
            Eventually.read(
                    () -> SocketOwner.of(List.of(child.pid())).orElseThrow(),
                    owner -> owner.program().equals("sleep"));
            assertThat(SocketOwner.of(List.of(child.pid())).orElseThrow().stopped())
                    .isZero();
            Programs.run(null, "", "kill", "-STOP", pid);
            SocketOwner stopped = Eventually.read(
                    () -> SocketOwner.of(List.of(child.pid())).orElseThrow(), owner -> owner.stopped() == 1);
            assertThat(stopped.stopped()).isEqualTo(1);
            assertThat(stopped.program()).isEqualTo("sleep");
            assertThat(stopped.pid()).isEqualTo(child.pid());
            assertThat(stopped.descriptors()).hasValue(3);
        } finally {
            child.destroyForcibly();
        }
    }

    @Test
    void anEndedProcessOwnsNothing() throws Exception {
        Process child = new ProcessBuilder("true").start();
        assertThat(child.waitFor()).isZero();
        assertThat(SocketOwner.of(List.of(child.pid()))).isEmpty();
    }

    /** A process that holds two of the sockets is counted once. */
    @Test
    void theDescriptorsOfAllHoldersAreAddedUp() throws Exception {
        List<Closeable> opened = new ArrayList<>();
        try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            SocketOwners owners = new SocketOwners();
            Set<Long> both = Set.of(inode(one), inode(other));
            long before = owners.descriptors(both).orElseThrow();
            for (int i = 0; i < 40; i++) {
                opened.add(new FileInputStream("/dev/null"));
            }
            assertThat(owners.descriptors(both).orElseThrow() - before).isBetween(20L, 60L);
            assertThat(owners.descriptors(Set.of())).isEmpty();
        } finally {
            for (Closeable each : opened) {
                each.close();
            }
        }
    }

    private static long inode(ServerSocket socket) throws IOException {
        try (SockDiag kernel = SockDiag.open()) {
            return kernel.listeners(socket.getLocalPort()).getFirst().inode();
        }
    }

    @Test
    void aSocketThatNobodyHoldsHasNoOwner() {
        assertThat(new SocketOwners().of(Set.of(1L))).isEmpty();
    }
}
