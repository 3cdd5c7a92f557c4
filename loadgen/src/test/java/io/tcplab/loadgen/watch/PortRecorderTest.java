package io.tcplab.loadgen.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.counters.SocketStat;
import io.tcplab.kernel.observe.Observation;
import io.tcplab.kernel.observe.ObservedListener;
import io.tcplab.kernel.sockdiag.ListenerReading;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PortRecorderTest {

    private static String line(ObservedListener... listeners) {
        PortRecorder recorder = new PortRecorder(80, 0);
        recorder.add(new Observation(
                0, 0, List.of(listeners), 0, new SocketStat(0, 0, 0, 0, 0, 0), Optional.empty(), false, Map.of(), 0));
        return recorder.line();
    }

    private static ObservedListener listener(long length, long limit) {
        return new ObservedListener(
                new ListenerReading(new InetSocketAddress("127.0.0.1", 80), false, length, limit, 0, 1),
                Optional.empty(),
                Optional.empty());
    }

    /** listen(0) is allowed: its queue holds one. */
    @Test
    void aListenerWithABacklogOf0IsOneAllTheSame() {
        assertThat(line(listener(1, 0))).contains("1 of 0");
        assertThat(line(listener(3, 128))).contains("3 of 128");
        assertThat(line()).contains("no listener");
    }

    /** Without netlink, /proc shows the length alone. */
    @Test
    void aListenerOfUnknownLimitShowsItsLength() {
        assertThat(line(listener(3, ListenerReading.UNKNOWN)))
                .containsPattern(" 3 ")
                .doesNotContain("no listener", "of");
    }
}
