package io.tcplab.loadgen.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.counters.SocketStat;
import io.tcplab.kernel.observe.Observation;
import io.tcplab.kernel.observe.ObservedListener;
import io.tcplab.kernel.sockdiag.ListenerReading;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class OthersDroppedTest {

    private final OthersDropped others = new OthersDropped();

    private static ObservedListener listener(String address, long inode, long drops) {
        return new ObservedListener(
                new ListenerReading(new InetSocketAddress(address, 80), false, 0, 32, drops, inode),
                Optional.empty(),
                Optional.empty());
    }

    private long with(long ofOtherPorts, ObservedListener target, ObservedListener... more) {
        List<ObservedListener> all = new ArrayList<>(List.of(more));
        all.add(target);
        Observation seen = new Observation(
                0, 0, all, ofOtherPorts, new SocketStat(0, 0, 0, 0, 0, 0), Optional.empty(), false, Map.of(), 0);
        return others.with(seen, List.of(target));
    }

    @Test
    void whatThePortDropsOnAnotherAddressIsAnothers() {
        ObservedListener target = listener("198.18.7.2", 1, 5);

        assertThat(with(7, target, listener("127.0.0.1", 2, 100))).isEqualTo(7);
        assertThat(with(9, target, listener("127.0.0.1", 2, 140))).isEqualTo(9 + 40);
        assertThat(with(9, target))
                .as("one that went away dropped what it dropped")
                .isEqualTo(9 + 40);
        assertThat(with(9, target, listener("127.0.0.1", 3, 2)))
                .as("one that came later began without drops")
                .isEqualTo(9 + 42);
    }

    @Test
    void whereTheKernelDoesNotSayNothingIsKnownAnyMore() {
        ObservedListener target = listener("198.18.7.2", 1, 5);

        assertThat(with(7, target, listener("127.0.0.1", 2, ListenerReading.UNKNOWN)))
                .isEqualTo(ListenerReading.UNKNOWN);
        assertThat(with(7, target)).isEqualTo(ListenerReading.UNKNOWN);
    }
}
