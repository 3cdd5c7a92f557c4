package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tcplab.kernel.syscall.Syscalls;
import io.tcplab.loadgen.connection.LoopPlan;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.ClientOptions;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
final class LoopCpusTest {

    private final BitSet before = Syscalls.affinity(0);

    @AfterEach
    void allCpusAgain() {
        Syscalls.setAffinity(0, before);
    }

    @Test
    void theRestIsForOtherThreadsUntilItIsClosed() throws Exception {
        assumeThat(before.cardinality()).as("CPUs").isGreaterThan(1);
        try (LoopCpus cpus = LoopCpus.take(options(1, true))) {
            int own = cpus.of(0);
            assertThat(own).isEqualTo(before.length() - 1);
            BitSet rest = (BitSet) before.clone();
            rest.clear(own);
            assertThat(Syscalls.affinity(0)).isEqualTo(rest);
            BitSet ofNewThread = new CompletableFuture<BitSet>()
                    .completeAsync(() -> Syscalls.affinity(0), task -> new Thread(task).start())
                    .join();
            assertThat(ofNewThread).isEqualTo(rest);
        }
        assertThat(Syscalls.affinity(0)).isEqualTo(before);
    }

    @Test
    void withoutPinningAnyCpuWillDo() throws Exception {
        try (LoopCpus cpus = LoopCpus.take(options(2, false))) {
            assertThat(cpus.of(1)).isEqualTo(LoopPlan.ANY_CPU);
            assertThat(Syscalls.affinity(0)).isEqualTo(before);
        }
    }

    @Test
    void tooFewCpusAreTold() {
        BitSet one = new BitSet();
        one.set(before.nextSetBit(0));
        Syscalls.setAffinity(0, one);

        assertThatThrownBy(() -> LoopCpus.take(options(1, true)))
                .isInstanceOf(CannotRun.class)
                .hasMessageContaining("2 in total")
                .hasMessageContaining("may use 1");
    }

    private static ClientOptions options(int loops, boolean pinCpu) {
        return Profiles.of(
                        "load: {closed: {concurrency: 1}}\nmix: [{name: it}]\n",
                        "client.eventLoops=" + loops,
                        "client.pinCpu=" + pinCpu)
                .client();
    }
}
