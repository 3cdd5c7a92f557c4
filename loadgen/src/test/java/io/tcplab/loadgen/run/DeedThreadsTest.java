package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.syscall.Signal;
import io.tcplab.loadgen.plan.Action;
import io.tcplab.loadgen.plan.Network;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** In which order things are done that are due at once. */
@Timeout(20)
class DeedThreadsTest {

    private static final long OVERTAKEN_MILLIS = 300;

    static List<Action.Deed> inOrder() {
        return List.of(
                new Action.Stop(),
                new Action.Send(Signal.HUP),
                new Action.Change(Network.PLAIN, Action.Change.TO_THE_END));
    }

    /** What two of them did, in its order; the first waits for the second, which it must not see. */
    private static List<String> order(Action.Deed deed) throws InterruptedException {
        List<String> order = new CopyOnWriteArrayList<>();
        CountDownLatch second = new CountDownLatch(1);
        CountDownLatch both = new CountDownLatch(2);
        try (DeedThreads threads = new DeedThreads()) {
            threads.begin(deed, () -> {
                await(second);
                order.add("first");
                both.countDown();
            });
            threads.begin(deed, () -> {
                second.countDown();
                order.add("second");
                both.countDown();
            });
            assertThat(both.await(10, TimeUnit.SECONDS)).isTrue();
        }
        return order;
    }

    private static void await(CountDownLatch second) {
        try {
            boolean _ = second.await(OVERTAKEN_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @ParameterizedTest
    @MethodSource("inOrder")
    void theLaterOfTwoIsDoneLater(Action.Deed deed) throws Exception {
        assertThat(order(deed)).containsExactly("first", "second");
    }
}
