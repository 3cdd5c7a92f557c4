package io.tcplab.companion.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
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
        ByteBuf view = Pattern.whole();
        int from = Pattern.offset(65_535, 0);
        assertThat(view.getByte(from)).isEqualTo(expected(65_535, 0));
        assertThat(view.getByte(from + 1)).isEqualTo(expected(0, 0));
        assertThat(view.getByte(from + 65_535)).isEqualTo(expected(65_535, 65_535));
        assertThat(view.release()).isFalse();
        assertThat(Pattern.whole().getByte(Pattern.offset(1, 0))).isEqualTo(expected(1, 0));
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
}
