package io.tcplab.kernel.sockdiag;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which listeners of a port a connection comes to. */
@Timeout(20)
class TargetListenersTest {

    private static final int LO = 1;
    private static final int ETH0 = 2;

    private static ListenerReading listener(String address, int device) {
        InetSocketAddress at = new InetSocketAddress(InetAddress.ofLiteral(address), 80);
        return new ListenerReading(at, false, 0, 16, 0, address.hashCode() + device, device);
    }

    private static List<ListenerReading> taking(String target, ListenerReading... all) {
        return TargetListeners.of(List.of(all), InetAddress.ofLiteral(target));
    }

    @Test
    void aListenerOfAnotherInterfaceTakesNothingOfLoopback() {
        assertThat(taking("127.0.0.1", listener("0.0.0.0", ETH0))).isEmpty();
        assertThat(taking("::1", listener("::", ETH0))).isEmpty();
        assertThat(taking("192.168.0.1", listener("0.0.0.0", ETH0))).hasSize(1);
    }

    @Test
    void ofTwoAlikeTheOneOfTheInterfaceTakesAll() {
        ListenerReading any = listener("0.0.0.0", 0);
        ListenerReading bound = listener("0.0.0.0", LO);

        assertThat(taking("127.0.0.1", any, bound)).containsExactly(bound);
        assertThat(taking("127.0.0.1", listener("127.0.0.1", 0), bound))
                .hasSize(1)
                .doesNotContain(bound);
    }
}
