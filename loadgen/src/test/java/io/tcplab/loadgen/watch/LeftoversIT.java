package io.tcplab.loadgen.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LeftoversIT {

    private static final InetAddress ONE = InetAddress.ofLiteral("127.0.0.1");

    /** Leaves a TIME_WAIT on the client's side, and returns the port that it went to. */
    private static int leaveOneFrom(InetAddress source) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 8, ONE)) {
            int port = server.getLocalPort();
            try (Socket client = new Socket(ONE, port, source, 0);
                    Socket accepted = server.accept()) {
                client.shutdownOutput();
                assertThat(accepted.getInputStream().read()).isEqualTo(-1);
                accepted.shutdownOutput();
                assertThat(client.getInputStream().read()).isEqualTo(-1);
            }
            return port;
        }
    }

    private static long toTarget(InetSocketAddress target, InetAddress... sources) {
        return Leftovers.read(List.of(target), List.of(sources)).timeWaitToTarget();
    }

    @Test
    void aTimeWaitIsOnlyThatOfItsDestination() throws Exception {
        int port = leaveOneFrom(ONE);

        assertThat(toTarget(new InetSocketAddress(ONE, port))).isEqualTo(1);
        assertThat(toTarget(new InetSocketAddress("127.0.0.2", port))).isZero();
        assertThat(toTarget(new InetSocketAddress("::1", port))).isZero();
    }

    /** Its port is free for connections from another address. */
    @Test
    void aTimeWaitIsOnlyThatOfItsSource() throws Exception {
        InetAddress nine = InetAddress.ofLiteral("127.0.0.9");
        InetSocketAddress target = new InetSocketAddress(ONE, leaveOneFrom(nine));

        assertThat(toTarget(target))
                .as("from the address that the kernel chooses")
                .isZero();
        assertThat(toTarget(target, ONE)).isZero();
        assertThat(toTarget(target, ONE, nine)).isEqualTo(1);
    }

    @Test
    void theAddressOfAllZerosStandsForLoopback() {
        assertThat(OwnAddresses.reachedBy(InetAddress.ofLiteral("0.0.0.0"))).isEqualTo(ONE);
        assertThat(OwnAddresses.reachedBy(InetAddress.ofLiteral("::"))).isEqualTo(InetAddress.ofLiteral("::1"));
        assertThat(OwnAddresses.reachedBy(InetAddress.ofLiteral("192.0.2.1")))
                .isEqualTo(InetAddress.ofLiteral("192.0.2.1"));
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
