package io.tcplab.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TcpStateTest {
    @Test
    void numbersAreTheKernels() {
        assertThat(TcpState.of(1)).isEqualTo(TcpState.ESTABLISHED);
        assertThat(TcpState.of(6)).isEqualTo(TcpState.TIME_WAIT);
        assertThat(TcpState.of(10)).isEqualTo(TcpState.LISTEN);
        assertThat(TcpState.of(13)).isEqualTo(TcpState.BOUND_INACTIVE);
    }

    @Test
    void bothKindsOfHalfOpenAreOne() {
        assertThat(TcpState.of(12)).isEqualTo(TcpState.SYN_RECV);
        assertThat(TcpState.SYN_RECV.mask()).isEqualTo(1 << 3 | 1 << 12);
    }

    @Test
    void unknownNumberIsClosed() {
        assertThat(TcpState.of(0)).isEqualTo(TcpState.CLOSE);
        assertThat(TcpState.of(-7)).isEqualTo(TcpState.CLOSE);
        assertThat(TcpState.of(200)).isEqualTo(TcpState.CLOSE);
    }
}
