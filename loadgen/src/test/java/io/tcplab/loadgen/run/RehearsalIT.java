package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.counters.SocketStat;
import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.kernel.namespace.UserNamespace;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The connections ahead of a load, in a namespace whose kernel counts nothing else. */
@Timeout(60)
class RehearsalIT {

    @BeforeEach
    void needsNamespaces() {
        Assumptions.assumeFalse(UserNamespace.needed(), "needs CAP_SYS_ADMIN: run as root or under unshare -Ur");
    }

    @Test
    void allConnectionsEndAsPlannedAndNothingIsLeft() throws Exception {
        try (NetworkNamespace namespace = NetworkNamespace.create("rehearsal")) {
            assertThat(namespace.call(Rehearsal::play)).isEqualTo(Rehearsal.CONNECTIONS);
            SocketStat after = namespace.call(SocketStat::read);
            assertThat(after.timeWait()).isZero();
            assertThat(after.inuse() + after.inuse6()).isZero();
        }
    }

    /** Such as a namespace whose loopback device is down. */
    @Test
    void whereThereIsNoLoopbackItIsLeftOut() throws Exception {
        try (NetworkNamespace namespace = NetworkNamespace.create("rehearsal")) {
            namespace.call(() -> new ProcessBuilder("ip", "link", "set", "lo", "down")
                    .start()
                    .waitFor());
            assertThat(namespace.call(Rehearsal::play)).isZero();
        }
    }
}
