package io.tcplab.target;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * One buffer that all channels of an event loop read into, so that a read allocates nothing. A handler must be done with the bytes
 * when {@code channelRead} returns, and must have released the buffer.
 */
final class LoopReadBuffer extends DefaultMaxMessagesRecvByteBufAllocator {

    private static final int BYTES = 256 << 10;

    private final ByteBuf buffer;

    LoopReadBuffer(ByteBufAllocator allocator) {
        super(16);
        buffer = allocator.directBuffer(BYTES, BYTES);
    }

    /** Gives the memory back; the loop must have ended. */
    void release() {
        buffer.release();
    }

    // Handle is deprecated in favour of ExtendedHandle, but the overridden signature names it.
    @Override
    @SuppressWarnings("deprecation")
    public Handle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public int guess() {
                return BYTES;
            }

            @Override
            public ByteBuf allocate(ByteBufAllocator unused) {
                return buffer.clear().retain();
            }
        };
    }
}
