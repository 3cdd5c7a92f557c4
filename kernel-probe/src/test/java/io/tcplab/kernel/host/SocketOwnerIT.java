package io.tcplab.kernel.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.Eventually;
import io.tcplab.kernel.namespace.Programs;
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

    @Test
    void aSocketThatNobodyHoldsHasNoOwner() {
        assertThat(new SocketOwners().of(Set.of(1L))).isEmpty();
    }
}
