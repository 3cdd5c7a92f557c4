package io.tcplab.kernel.sockdiag;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.Fixture;
import io.tcplab.kernel.TcpState;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class ProcTcpTest {
    @Test
    void realListIsReadByField() {
        List<SocketReading> sockets = Fixture.text(getClass(), "linux-6.18.tcp")
                .lines()
                .map(ProcTcp::parse)
                .flatMap(Optional::stream)
                .toList();
        assertThat(sockets).hasSize(3).allMatch(socket -> socket.state() == TcpState.TIME_WAIT);
        SocketReading first = sockets.getFirst();
        assertThat(first.local()).isEqualTo(new InetSocketAddress("127.0.0.1", 0xbb78));
        assertThat(first.remote()).isEqualTo(new InetSocketAddress("127.0.0.1", 9000));
        assertThat(first.timer()).isEqualTo(SocketTimer.TIME_WAIT);
        assertThat(first.timerMillis()).isEqualTo(59_950);
    }

    @Test
    void listenerOfIpv6HasItsQueue() {
        assertThat(
                        ProcTcp.parse(
                                "   0: 00000000000000000000000000000000:2328 00000000000000000000000000000000:0000 0A"
                                        + " 00000000:00000011 00:00000000 00000000  1000        0 4711 1 0000000000000000 100 0 0 10 0"))
                .hasValueSatisfying(socket -> {
                    assertThat(socket.state()).isEqualTo(TcpState.LISTEN);
                    assertThat(socket.receiveQueue()).isEqualTo(17);
                    assertThat(socket.local()).isEqualTo(new InetSocketAddress("::", 9000));
                    assertThat(socket.inode()).isEqualTo(4711);
                });
    }

    @Test
    void mappedIpv4AddressIsShownAsIpv4() {
        assertThat(ProcTcp.parse("  1: 0000000000000000FFFF00000100007F:2328 0000000000000000FFFF00000100007F:BB86 01"
                        + " 00000005:000003E8 01:00000014 00000000     0        0 99 2 0000000000000000 20 4 30 10 -1"))
                .hasValueSatisfying(socket -> {
                    assertThat(socket.local()).isEqualTo(new InetSocketAddress("127.0.0.1", 9000));
                    assertThat(socket.sendQueue()).isEqualTo(5);
                    assertThat(socket.receiveQueue()).isEqualTo(1000);
                    assertThat(socket.timer()).isEqualTo(SocketTimer.RETRANSMIT);
                    assertThat(socket.timerMillis()).isEqualTo(200);
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sl local_address rem_address st tx_queue rx_queue tr tm->when retrnsmt uid timeout inode",
                "0: 0100007F:BB78",
                "0: XX00007F:BB78 0100007F:2328 06 0:0 03:0 0 0 0 0",
                "0: 0100007F 0100007F:2328 06 0:0 03:0 0 0 0 0",
                "0: 0100007:BB78 0100007F:2328 06 0:0 03:0 0 0 0 0",
                "0: 0100007F:BB78F 0100007F:2328 06 0:0 03:0 0 0 0 0",
                "0: 0100007F:BB78 0100007F:2328 06 0 03 0 0 0 0",
                "0: 0100007F:BB78 0100007F:2328 zz 0:0 03:0 0 0 0 0"
            })
    void lineThatIsNotWholeIsLeftOut(String line) {
        assertThat(ProcTcp.parse(line)).isEmpty();
    }
}
