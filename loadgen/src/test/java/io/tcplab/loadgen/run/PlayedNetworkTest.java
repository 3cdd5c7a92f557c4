package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.cable.CableSettings;
import io.tcplab.kernel.cable.NamedLoss;
import io.tcplab.kernel.cable.PathSettings;
import io.tcplab.kernel.cable.SegmentKind;
import io.tcplab.loadgen.plan.Fault;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class PlayedNetworkTest {

    @Test
    void acksAreDroppedBesideAsManyNamedSegmentsAsThereMayBe() {
        List<NamedLoss> most = LongStream.rangeClosed(1, CableSettings.MOST_NAMED)
                .mapToObj(nth -> new NamedLoss(Side.SERVER, SegmentKind.DATA, nth, false))
                .toList();
        CableSettings once = PlayedNetwork.with(
                new CableSettings(PathSettings.NOTHING, PathSettings.NOTHING, most), Fault.Drop.ACKS);
        assertThat(once.lose()).containsAll(most).hasSize(CableSettings.MOST_NAMED + 1);
        CableSettings twice = PlayedNetwork.with(once, Fault.Drop.ACKS);
        assertThat(twice).as("faults may overlap").isEqualTo(once);
    }
}
