package io.tcplab.companion.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * The bytes of every message: byte {@code k} of a message with seed {@code s} is {@code T[(s + k) & 0xFFFF]}.
 *
 * <p>T is 65,536 bytes, the low byte first of successive values of splitmix64 (Steele, Lea, Flood 2014) from the state
 * 0x7463706C6162 ("tcplab"). It is kept twice in a row outside the heap, so that any run of up to 64 KiB lies in one piece: what
 * is sent is written from here, and what is received is compared with it in place. Constant after class initialisation, free for
 * all threads.
 */
public final class Pattern {

    /** Length of T; also the longest run that lies in one piece. */
    public static final int PERIOD = 1 << 16;

    /** All memory, so that an address can be read and compared without an object per call. */
    static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private static final long SPLITMIX_STATE = 0x7463706C6162L;
    private static final long SPLITMIX_STEP = 0x9E3779B97F4A7C15L;

    private static final ByteBuffer TWICE = fill();
    private static final MemorySegment SEGMENT = MemorySegment.ofBuffer(TWICE);
    private static final ByteBuf BUFFER = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(TWICE));

    private Pattern() {}

    private static ByteBuffer fill() {
        ByteBuffer twice = Arena.global().allocate(2L * PERIOD, 64).asByteBuffer();
        long state = SPLITMIX_STATE;
        for (int at = 0; at < PERIOD; at += Long.BYTES) {
            state += SPLITMIX_STEP;
            long word = state;
            word = (word ^ (word >>> 30)) * 0xBF58476D1CE4E5B9L;
            word = (word ^ (word >>> 27)) * 0x94D049BB133111EBL;
            // A big endian buffer takes the reversed word: the low byte comes first.
            long lowFirst = Long.reverseBytes(word ^ (word >>> 31));
            twice.putLong(at, lowFirst).putLong(at + PERIOD, lowFirst);
        }
        return twice;
    }

    /** Where in T the byte at this position of a message with this seed is. */
    public static int offset(int seed, long position) {
        return (int) (seed + position) & (PERIOD - 1);
    }

    /**
     * All of T, twice, as a buffer whose indices the caller sets with {@link #offset}: one object for many messages. It
     * shares the pattern's memory: never write to it. Releasing it does nothing.
     */
    public static ByteBuf whole() {
        return BUFFER.duplicate();
    }

    /** Copies the bytes from this position to memory that the caller owns. */
    public static void copy(int seed, long position, long toAddress, int length) {
        for (int done = 0; done < length; done += PERIOD) {
            int run = Math.min(PERIOD, length - done);
            MemorySegment.copy(SEGMENT, offset(seed, position + done), MEMORY, toAddress + done, run);
        }
    }

    /** Copies the bytes from this position into the array. */
    public static void copy(int seed, long position, byte[] to, int index, int length) {
        Objects.checkFromIndexSize(index, length, to.length);
        for (int done = 0; done < length; done += PERIOD) {
            TWICE.get(offset(seed, position + done), to, index + done, Math.min(PERIOD, length - done));
        }
    }

    /** Whether these bytes in memory are the message's from this position. Copies nothing. */
    public static boolean matches(long receivedAddress, int length, int seed, long position) {
        for (int done = 0; done < length; done += PERIOD) {
            int run = Math.min(PERIOD, length - done);
            int from = offset(seed, position + done);
            long at = receivedAddress + done;
            if (MemorySegment.mismatch(MEMORY, at, at + run, SEGMENT, from, from + run) >= 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether the buffer's next bytes are the message's from this position. Copies nothing and moves no index. */
    public static boolean matches(ByteBuf received, int length, int seed, long position) {
        int at = received.readerIndex();
        if (received.hasMemoryAddress()) {
            return matches(received.memoryAddress() + at, length, seed, position);
        }
        for (int done = 0; done < length; done += PERIOD) {
            int run = Math.min(PERIOD, length - done);
            if (!ByteBufUtil.equals(received, at + done, BUFFER, offset(seed, position + done), run)) {
                return false;
            }
        }
        return true;
    }
}
