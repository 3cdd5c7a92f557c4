package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.loadgen.compare.Specimens;
import io.tcplab.loadgen.plan.Profile;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A profile as it fits into two namespaces. */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class IsolatedPairTest {

    private static Profile from(String sources) {
        return Specimens.profile("client: {sources: [" + sources + "]}");
    }

    @Test
    void loopbackSourcesBecomeAddressesOfTheClientsDevice() throws Exception {
        assertThat(IsolatedPair.fit(from("127.0.0.1-127.0.0.2")).client().sources())
                .extracting(InetAddress::getHostAddress)
                .hasSize(2)
                .allMatch(address -> address.startsWith("198.18.0."))
                .contains("198.18.0.1");
    }

    @Test
    void theServersOwnAddressIsNoSource() {
        assertThatThrownBy(() -> IsolatedPair.fit(from("198.18.0.1-198.18.0.3")))
                .hasMessage("client.sources has 198.18.0.2, which is the server's own address with --isolate netns:"
                        + " leave it out.");
    }
}
