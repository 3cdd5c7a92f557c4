package io.tcplab.loadgen.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LeftoversIT {

    @Test
    void aTimeWaitIsOnlyThatOfItsDestination() throws Exception {
        InetAddress one = InetAddress.ofLiteral("127.0.0.1");
        int port;
        try (ServerSocket server = new ServerSocket(0, 8, one)) {
            port = server.getLocalPort();
            try (Socket client = new Socket(one, port);
                    Socket accepted = server.accept()) {
                client.shutdownOutput();
                assertThat(accepted.getInputStream().read()).isEqualTo(-1);
                accepted.shutdownOutput();
                assertThat(client.getInputStream().read()).isEqualTo(-1);
            }
        }

        assertThat(Leftovers.read(new InetSocketAddress(one, port), 1).timeWaitToTarget())
                .isEqualTo(1);
        assertThat(Leftovers.read(new InetSocketAddress("127.0.0.2", port), 1).timeWaitToTarget())
                .isZero();
        assertThat(Leftovers.read(new InetSocketAddress("::1", port), 1).timeWaitToTarget())
                .isZero();
    }

    @Test
    void anAddressThatIsNotThisHostsIsFoundBeforeTheRun() {
        InetAddress ours = InetAddress.ofLiteral("127.0.0.9");
        InetAddress foreign = InetAddress.ofLiteral("192.0.2.1"); // TEST-NET-1, RFC 5737

        assertThat(OwnAddresses.firstForeign(List.of(ours))).isNull();
        assertThat(OwnAddresses.firstForeign(List.of(ours, foreign))).isEqualTo(foreign);
        assertThat(OwnAddresses.sentence(foreign)).contains("192.0.2.1").contains("EADDRNOTAVAIL");
    }
}
