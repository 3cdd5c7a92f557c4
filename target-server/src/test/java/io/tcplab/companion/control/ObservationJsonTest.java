package io.tcplab.companion.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.counters.SocketStat;
import io.tcplab.kernel.host.SocketOwner;
import io.tcplab.kernel.observe.LimitSetBy;
import io.tcplab.kernel.observe.Observation;
import io.tcplab.kernel.observe.ObservedListener;
import io.tcplab.kernel.sockdiag.ListenerReading;
import io.tcplab.kernel.sockdiag.PortCounts;
import io.tcplab.kernel.sockdiag.StateCounts;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ObservationJsonTest {

    private static Observation observation(Optional<PortCounts> states) {
        return new Observation(
                1,
                2,
                List.of(
                        new ObservedListener(
                                new ListenerReading(new InetSocketAddress("::", 9000), true, 17, 16, -1, 4711),
                                Optional.of(LimitSetBy.LISTEN),
                                Optional.of(new SocketOwner(
                                        12, "nginx", 3, 1, OptionalLong.of(1024), OptionalLong.of(1024)))),
                        new ObservedListener(
                                new ListenerReading(new InetSocketAddress("127.0.0.1", 9000), false, 0, 128, 5, 4712),
                                Optional.empty(),
                                Optional.empty())),
                6,
                new SocketStat(3, 4, 5, 6, 7, 8),
                states,
                states.isPresent(),
                Map.of("TcpExt.ListenOverflows", 24L, "Tcp.ActiveOpens", 3L),
                90_000);
    }

    private static Observation thereAndBack(Observation observation) {
        return ObservationJson.read(Json.parse(Json.object(to -> ObservationJson.write(to, observation))));
    }

    @Test
    void anObservationSurvivesTheWay() {
        PortCounts counts = new PortCounts(
                9000,
                StateCounts.of(Map.of(TcpState.LISTEN, 1, TcpState.SYN_RECV, 5), true),
                StateCounts.of(Map.of(TcpState.TIME_WAIT, 120_000), false));
        Observation observation = observation(Optional.of(counts));
        assertThat(thereAndBack(observation)).isEqualTo(observation);
    }

    @Test
    void anObservationWithoutStatesSurvivesToo() {
        Observation observation = observation(Optional.empty());
        assertThat(thereAndBack(observation)).isEqualTo(observation);
    }
}
