package io.tcplab.companion.protocol;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Headers as bytes. */
public final class Frames {

    private Frames() {}

    /** The 16 bytes of a header. */
    public static byte[] header(
            @Nullable CloseStyle close, int lingerSeconds, int requestBytes, int responseBytes, int seed) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(Frame.HEADER_BYTES + 1);
            MemorySegment unaligned = memory.asSlice(1);
            Frame.encode(unaligned.address(), close, lingerSeconds, requestBytes, responseBytes, seed);
            return unaligned.toArray(ValueLayout.JAVA_BYTE);
        }
    }

    /** A whole request. */
    public static byte[] request(
            @Nullable CloseStyle close, int lingerSeconds, int requestBytes, int responseBytes, int seed) {
        byte[] header = header(close, lingerSeconds, requestBytes, responseBytes, seed);
        byte[] request = Arrays.copyOf(header, requestBytes);
        Pattern.copy(seed, header.length, request, header.length, requestBytes - header.length);
        return request;
    }
}
