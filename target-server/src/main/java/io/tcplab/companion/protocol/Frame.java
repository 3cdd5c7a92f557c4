package io.tcplab.companion.protocol;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The 16 bytes that open a request, big endian: magic 0x54, version 1, close code (0: none), linger seconds, then as 32-bit numbers request
 * bytes, response bytes and seed. {@code requestBytes - 16} bytes of the {@link Pattern} follow; the response is
 * {@code responseBytes} bytes of the pattern without a header.
 *
 * <p>It is written and read in place, and nothing is allocated; {@link #defect} says whether a header can be used at all, and the
 * readers of single fields expect one without a defect.
 */
public final class Frame {

    public static final int HEADER_BYTES = 16;
    public static final int MAGIC = 0x54;
    public static final int VERSION = 1;
    public static final int MAX_REQUEST_BYTES = 64 << 20;
    public static final int MAX_RESPONSE_BYTES = 1 << 30;
    public static final int MAX_LINGER_SECONDS = 255;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private Frame() {}

    /**
     * Writes a header to memory. The caller owns the 16 bytes at the address.
     *
     * @param close what the companion does with the connection after the response; null where it serves the next request
     * @param lingerSeconds the SO_LINGER time, 0 to 255, only used by {@link CloseStyle#LINGER}
     * @param requestBytes length of the whole request, this header included
     * @param responseBytes length of the response
     * @param seed where the pattern begins, for the request and for the response
     */
    public static void encode(
            long address,
            @Nullable CloseStyle close,
            int lingerSeconds,
            int requestBytes,
            int responseBytes,
            int seed) {
        MemorySegment memory = Pattern.MEMORY;
        memory.set(INT, address, firstWord(close, lingerSeconds));
        memory.set(INT, address + 4, requestBytes);
        memory.set(INT, address + 8, responseBytes);
        memory.set(INT, address + 12, seed);
    }

    /** Why the 16 bytes at the index are no request, in a few words; null where they are one. */
    public static @Nullable String defect(ByteBuf from, int index) {
        return defect(from.getInt(index), from.getInt(index + 4), from.getInt(index + 8));
    }

    /** How the header at the index asks for the connection to be closed; null where it does not. */
    public static @Nullable CloseStyle close(ByteBuf from, int index) {
        return CloseStyle.ofCode(from.getUnsignedByte(index + 2));
    }

    /** Linger seconds of the header at the index. */
    public static int lingerSeconds(ByteBuf from, int index) {
        return from.getUnsignedByte(index + 3);
    }

    /** Length of the whole request that begins at the index. */
    public static int requestBytes(ByteBuf from, int index) {
        return from.getInt(index + 4);
    }

    /** Length of the response to the request that begins at the index. */
    public static int responseBytes(ByteBuf from, int index) {
        return from.getInt(index + 8);
    }

    /** Seed of the request that begins at the index. */
    public static int seed(ByteBuf from, int index) {
        return from.getInt(index + 12);
    }

    private static int firstWord(@Nullable CloseStyle close, int lingerSeconds) {
        return MAGIC << 24 | VERSION << 16 | (close == null ? 0 : close.code()) << 8 | (lingerSeconds & 0xFF);
    }

    private static @Nullable String defect(int first, int requestBytes, int responseBytes) {
        if (first >>> 24 != MAGIC) {
            return "magic byte is not 0x54";
        }
        if ((first >>> 16 & 0xFF) != VERSION) {
            return "version is not 1";
        }
        if ((first >>> 8 & 0xFF) > CloseStyle.ABANDON.code()) {
            return "close code unknown";
        }
        return sizeDefect(requestBytes, responseBytes);
    }

    private static @Nullable String sizeDefect(int requestBytes, int responseBytes) {
        if (requestBytes < HEADER_BYTES || requestBytes > MAX_REQUEST_BYTES) {
            return "request size is not in 16 bytes … 64 MiB";
        }
        if (responseBytes < 0 || responseBytes > MAX_RESPONSE_BYTES) {
            return "response size is not in 0 … 1 GiB";
        }
        return null;
    }
}
