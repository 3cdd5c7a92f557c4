package io.tcplab.kernel.syscall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.kernel.TcpState;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TcpInfoTest {
    private static ByteBuffer sample(int size) {
        ByteBuffer raw = ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
        raw.put(0, (byte) 1).put(2, (byte) 3).put(5, (byte) 7);
        raw.putInt(24, 11)
                .putInt(28, 12)
                .putInt(32, 13)
                .putInt(36, 14)
                .putInt(68, 250)
                .putInt(72, 60);
        raw.putInt(80, 10).putInt(100, -1);
        return raw;
    }

    @Test
    void fieldsAreWhereTheKernelPutsThem() {
        ByteBuffer raw = sample(TcpInfo.SIZE);
        raw.putLong(120, 1001).putLong(200, 5_000_000_000L).putInt(228, 65_535);
        TcpInfo info = TcpInfo.decode(raw);
        assertThat(info.state()).isEqualTo(TcpState.ESTABLISHED);
        assertThat(info.retransmits()).isEqualTo(3);
        assertThat(info.timestamps()).isTrue();
        assertThat(info.unacked()).isEqualTo(11).isEqualTo(info.acceptQueueLength());
        assertThat(info.sacked()).isEqualTo(12).isEqualTo(info.acceptQueueLimit());
        assertThat(info.lost()).isEqualTo(13);
        assertThat(info.retrans()).isEqualTo(14);
        assertThat(info.rttMicros()).isEqualTo(250);
        assertThat(info.rttVarMicros()).isEqualTo(60);
        assertThat(info.totalRetrans()).isEqualTo(0xffff_ffffL);
        assertThat(info.bytesAcked()).isEqualTo(1001);
        assertThat(info.bytesSent()).isEqualTo(5_000_000_000L);
        assertThat(info.sendWindow()).isEqualTo(65_535);
    }

    @Test
    void fieldsThatAnOldKernelLacksAreAbsent() {
        TcpInfo info = TcpInfo.decode(sample(TcpInfo.OLDEST_SIZE));
        assertThat(info.rttMicros()).isEqualTo(250);
        assertThat(info.bytesAcked()).isEqualTo(TcpInfo.ABSENT);
        assertThat(info.sendWindow()).isEqualTo(TcpInfo.ABSENT);
        assertThat(TcpInfo.decode(sample(203)).bytesSent()).isEqualTo(TcpInfo.ABSENT);
    }

    @Test
    void longerStructureOfANewerKernelIsFine() {
        assertThat(TcpInfo.decode(sample(400)).unacked()).isEqualTo(11);
    }

    @Test
    void tooShortStructureIsRefused() {
        assertThatThrownBy(() -> TcpInfo.decode(ByteBuffer.allocate(103)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("103");
    }

    @Test
    void errnoHasNamesAndNumbers() {
        assertThat(Errno.of(111)).isEqualTo(Errno.ECONNREFUSED);
        assertThat(Errno.ofResult(-99)).isEqualTo(Errno.EADDRNOTAVAIL);
        assertThat(Errno.ofResult(7)).isEqualTo(Errno.OK);
        assertThat(Errno.of(5000)).isEqualTo(Errno.UNKNOWN);
        assertThat(Errno.of(41)).isEqualTo(Errno.UNKNOWN);
        assertThat(Errno.EAGAIN.ok()).isFalse();
    }
}
