package io.tcplab.companion.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PatternTest {

    /** The definition, in the plainest form there is. */
    private static byte expected(int seed, long position) {
        int at = (int) ((seed + position) & 0xFFFF);
        long word = 0x7463706C6162L + 0x9E3779B97F4A7C15L * (at / 8 + 1);
        word = (word ^ (word >>> 30)) * 0xBF58476D1CE4E5B9L;
        word = (word ^ (word >>> 27)) * 0x94D049BB133111EBL;
        word ^= word >>> 31;
        return (byte) (word >>> (8 * (at % 8)));
    }

    @Test
    void everyByteIsWhatTheDefinitionSaysAlsoForNegativeSeedsAndFarPositions() {
        for (int seed : new int[] {0, 1, 65_535, 65_536, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            for (long position : new long[] {0, 16, 65_530, 1L << 30, (1L << 31) + 7}) {
                byte[] bytes = new byte[300];
                Pattern.copy(seed, position, bytes, 0, bytes.length);
                for (int i = 0; i < bytes.length; i++) {
                    assertThat(bytes[i]).isEqualTo(expected(seed, position + i));
                }
            }
        }
    }

    @Test
    void aFullPeriodLiesInOnePieceFromAnyOffset() {
        ByteBuf view = Pattern.view(65_535, 0, Pattern.PERIOD);
        assertThat(view.readableBytes()).isEqualTo(65_536);
        assertThat(view.getByte(0)).isEqualTo(expected(65_535, 0));
        assertThat(view.getByte(1)).isEqualTo(expected(0, 0));
        assertThat(view.getByte(65_535)).isEqualTo(expected(65_535, 65_535));
        assertThat(view.release()).isFalse();
        assertThat(Pattern.view(1, 0, 1).getByte(0)).isEqualTo(expected(1, 0));
    }

    @Test
    void theAddressPointsAtTheSameBytes() {
        long address = Pattern.address(77, 65_500);
        byte[] seen = MemorySegment.ofAddress(address).reinterpret(100).toArray(ValueLayout.JAVA_BYTE);
        for (int i = 0; i < seen.length; i++) {
            assertThat(seen[i]).isEqualTo(expected(77, 65_500 + i));
        }
    }

    @Test
    void aCopyOfAnyLengthMatchesAndASingleFlippedBitDoesNot() {
        try (Arena arena = Arena.ofConfined()) {
            int length = 200_001;
            MemorySegment copy = arena.allocate(length);
            Pattern.copy(-5, 1234, copy.address(), length);
            assertThat(Pattern.matches(copy.address(), length, -5, 1234)).isTrue();
            assertThat(Pattern.matches(copy.address(), length, -5, 1235)).isFalse();
            for (int at : new int[] {0, 65_535, 65_536, 131_072, length - 1}) {
                byte good = copy.get(ValueLayout.JAVA_BYTE, at);
                copy.set(ValueLayout.JAVA_BYTE, at, (byte) (good ^ 0x10));
                assertThat(Pattern.matches(copy.address(), length, -5, 1234)).isFalse();
                copy.set(ValueLayout.JAVA_BYTE, at, good);
            }
            assertThat(Pattern.matches(copy.address(), 0, 9, 9)).isTrue();
        }
    }

    @Test
    void copiesIntoABufferGoWhereTheyAreAskedTo() {
        ByteBuf to = Unpooled.buffer(100_000).writeZero(100_000);
        Pattern.copy(3, 16, to, 10, 70_000);
        assertThat(to.getByte(9)).isZero();
        assertThat(to.getByte(10)).isEqualTo(expected(3, 16));
        assertThat(to.getByte(70_009)).isEqualTo(expected(3, 16 + 69_999));
        assertThat(to.getByte(70_010)).isZero();
    }
}
