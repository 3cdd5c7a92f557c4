package io.tcplab.kernel.cable;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class SegmentTest {
    // Ethernet, IPv4 198.18.0.1 to 198.18.0.2, TCP 45000 to 9000, SYN with MSS, SACK, timestamps, window scale 10.
    private static final String SYN = "020000000002020000000001 0800"
            + "4500003c0001400040060000c6120001c6120002"
            + "afc82328 00001000 00000000 a002fd2000000000"
            + "020405b4 0402080a 00000007 00000000 0103030a";

    private static Segment segment(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        return Segment.ofFrame(ByteBuffer.wrap(bytes), 0).orElseThrow();
    }

    @Test
    void fieldsAndOptionsOfASyn() {
        Segment syn = segment(SYN);
        assertThat(syn.sourcePort()).isEqualTo(45_000);
        assertThat(syn.destinationPort()).isEqualTo(9000);
        assertThat(syn.sequence()).isEqualTo(0x1000);
        assertThat(syn.flagNames()).isEqualTo("SYN");
        assertThat(syn.headerBytes()).isEqualTo(40);
        assertThat(syn.payloadBytes()).isZero();
        assertThat(syn.windowScale()).isEqualTo(10);
        assertThat(syn.timestamp()).isEqualTo(7);
    }

    @Test
    void aSynTakesOneSequenceNumber() {
        assertThat(segment(SYN).nextSequence()).isEqualTo(0x1001);
    }

    @Test
    void otherFramesAreNoSegments() {
        assertThat(Segment.ofFrame(ByteBuffer.allocate(60), 0)).isEmpty();
        assertThat(Segment.ofFrame(ByteBuffer.allocate(3), 0)).isEmpty();
    }
}
