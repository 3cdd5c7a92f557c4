package io.tcplab.loadgen.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.companion.protocol.CloseStyle;
import io.tcplab.kernel.Side;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 10, unit = TimeUnit.SECONDS)
class CloseTest {

    /** RFC 9293 §3.6.1: the side whose FIN is first, and an RST leaves nothing. */
    @ParameterizedTest
    @CsvSource({
        "CLIENT, FIN, true, false",
        "CLIENT, HALF_CLOSE, true, false",
        "CLIENT, LINGER, true, false",
        "CLIENT, RST, false, false",
        "CLIENT, ABANDON, false, false",
        "SERVER, FIN, false, true",
        "SERVER, RST, false, false",
        "SERVER, ABANDON, false, false"
    })
    void theSideThatClosesFirstByFinIsLeftInTimeWait(Side by, CloseStyle how, boolean client, boolean server) {
        Close close = new Close(by, how, 0, true);
        assertThat(close.leavesTimeWait(Side.CLIENT)).isEqualTo(client);
        assertThat(close.leavesTimeWait(Side.SERVER)).isEqualTo(server);
    }
}
