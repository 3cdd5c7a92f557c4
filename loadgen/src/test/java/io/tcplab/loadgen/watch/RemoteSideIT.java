package io.tcplab.loadgen.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.companion.Companion;
import io.tcplab.companion.CompanionSettings;
import io.tcplab.companion.control.ControlEndpoint;
import io.tcplab.companion.control.ObservationLog;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.kernel.observe.Observer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RemoteSideIT {

    /** Asked of this very host the offset is known to be 0, and is found within half of a round trip over loopback. */
    @Test
    void theOffsetOfTheClocksIsMeasured() throws Exception {
        try (Companion companion = Companion.start(CompanionSettings.DEFAULTS)) {
            Observer.Settings settings =
                    new Observer.Settings(companion.address().getPort(), Duration.ofMillis(5), Observer.DEFAULT_SHARE);
            try (ObservationLog log = ObservationLog.start(settings);
                    ControlEndpoint endpoint =
                            ControlEndpoint.start(companion, log, new Endpoint("127.0.0.1", 0), null);
                    RemoteSide side = RemoteSide.open(
                            new Endpoint("127.0.0.1", endpoint.address().getPort()),
                            null,
                            companion.address().getAddress())) {
                ClockOffset offset = side.clockOffset();
                assertThat(offset.uncertaintyMicros()).isPositive().isLessThan(TimeUnit.SECONDS.toMicros(10));
                assertThat(Math.abs(offset.micros())).isLessThanOrEqualTo(offset.uncertaintyMicros() + 1);
            }
        }
    }
}
