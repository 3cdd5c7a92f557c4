package io.tcplab.loadgen.connection.wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Memory outside the heap that an event loop sends from or receives into, seen both as an address and as a byte buffer. */
public final class Buffer {

    private final MemorySegment segment;
    private final ByteBuffer bytes;

    public Buffer(int size) {
        segment = Arena.ofAuto().allocate(size, 64);
        bytes = segment.asByteBuffer();
    }

    public long address() {
        return segment.address();
    }

    public MemorySegment segment() {
        return segment;
    }

    /** The same memory; position and limit are for whoever uses it at the moment. */
    public ByteBuffer bytes() {
        return bytes;
    }

    public int size() {
        return (int) segment.byteSize();
    }
}
