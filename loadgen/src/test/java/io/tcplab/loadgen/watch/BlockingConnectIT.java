package io.tcplab.loadgen.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.counters.SocketStat;
import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.kernel.namespace.UserNamespace;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BlockingConnectIT {

    @Test
    void theCallIsMeasuredAndLeavesNothing() throws Exception {
        Assumptions.assumeFalse(UserNamespace.needed(), "needs CAP_SYS_ADMIN: run as root or under unshare -Ur");
        try (NetworkNamespace namespace = NetworkNamespace.create("call")) {
            OptionalDouble micros =
                    namespace.call(() -> BlockingConnect.overheadMicros(TimeUnit.MILLISECONDS.toNanos(1)));

            assertThat(micros.orElse(-1)).isPositive().isLessThan(TimeUnit.SECONDS.toMicros(1));
            SocketStat left = namespace.call(SocketStat::read);
            assertThat(left.timeWait()).isZero();
            assertThat(left.inuse()).isZero();
        }
    }
}
