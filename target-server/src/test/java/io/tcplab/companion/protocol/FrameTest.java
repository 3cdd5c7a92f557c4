package io.tcplab.companion.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(20)
class FrameTest {

    @Test
    void theHeaderIsLaidOutAsDocumented() {
        byte[] header = Frames.header(CloseStyle.LINGER, 200, 64, 0x01020304, 0xCAFEBABE);
        assertThat(ByteBufUtil.hexDump(header)).isEqualTo("540104c8" + "00000040" + "01020304" + "cafebabe");
    }

    @ParameterizedTest
    @EnumSource
    void whatWasWrittenIsRead(CloseStyle style) {
        ByteBuf header = Unpooled.buffer(17)
                .writeZero(1)
                .writeBytes(Frames.header(style, 3, Frame.MAX_REQUEST_BYTES, Frame.MAX_RESPONSE_BYTES, -1));
        assertThat(Frame.defect(header, 1)).isNull();
        assertThat(Frame.close(header, 1)).isEqualTo(style);
        assertThat(Frame.lingerSeconds(header, 1)).isEqualTo(3);
        assertThat(Frame.requestBytes(header, 1)).isEqualTo(Frame.MAX_REQUEST_BYTES);
        assertThat(Frame.responseBytes(header, 1)).isEqualTo(Frame.MAX_RESPONSE_BYTES);
        assertThat(Frame.seed(header, 1)).isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource({
        "550101000000001000000000, magic byte is not 0x54",
        "474554202f20485454502f31, magic byte is not 0x54",
        "540001000000001000000000, version is not 1",
        "540201000000001000000000, version is not 1",
        "540106000000001000000000, close code unknown",
        "5401ff000000001000000000, close code unknown",
        "540101000000000f00000000, request size is not in 16 bytes … 64 MiB",
        "540101000000000000000000, request size is not in 16 bytes … 64 MiB",
        "54010100ffffffff00000000, request size is not in 16 bytes … 64 MiB",
        "540101000400000100000000, request size is not in 16 bytes … 64 MiB",
        "540101000000001040000001, response size is not in 0 … 1 GiB",
        "5401010000000010ffffffff, response size is not in 0 … 1 GiB",
    })
    void aHostileHeaderIsNamed(String hex, String defect) {
        ByteBuf header = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex + "00000000"));
        assertThat(Frame.defect(header, 0)).isEqualTo(defect);
    }

    @Test
    void noRandomHeaderGetsPastItsLimits() {
        Random random = new Random(23);
        byte[] bytes = new byte[16];
        ByteBuf header = Unpooled.wrappedBuffer(bytes);
        for (int i = 0; i < 200_000; i++) {
            random.nextBytes(bytes);
            if (i % 2 == 0) {
                header.setShort(0, Frame.MAGIC << 8 | Frame.VERSION);
            }
            if (Frame.defect(header, 0) == null) {
                assertThat(Frame.requestBytes(header, 0)).isBetween(16, 64 << 20);
                assertThat(Frame.responseBytes(header, 0)).isBetween(0, 1 << 30);
                int code = header.getByte(2);
                assertThat(Frame.close(header, 0)).isEqualTo(CloseStyle.ofCode(code));
            }
        }
    }

    @Test
    void aHeaderMayAskForNoClose() {
        ByteBuf header = Unpooled.wrappedBuffer(Frames.header(null, 0, 16, 0, 0));
        assertThat(Frame.defect(header, 0)).isNull();
        assertThat(header.getByte(2)).isZero();
        assertThat(Frame.close(header, 0)).isNull();
    }

    @Test
    void codesAreStable() {
        assertThat(CloseStyle.values()).extracting(CloseStyle::code).containsExactly(1, 2, 3, 4, 5);
        for (CloseStyle style : CloseStyle.values()) {
            assertThat(CloseStyle.ofCode(style.code())).isEqualTo(style);
            assertThat(CloseStyle.ofWord(style.word())).isEqualTo(style);
        }
        assertThat(CloseStyle.ofCode(0)).isNull();
        assertThat(CloseStyle.ofCode(6)).isNull();
        assertThat(CloseStyle.ofCode(-1)).isNull();
    }
}
