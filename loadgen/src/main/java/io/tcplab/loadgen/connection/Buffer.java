package io.tcplab.loadgen.connection;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Memory outside the heap that an event loop sends from or receives into, seen both as an address and as a byte buffer. */
final class Buffer {

    private final MemorySegment segment;
    private final ByteBuffer bytes;

    Buffer(int size) {
        segment = Arena.ofAuto().allocate(size, 64);
        bytes = segment.asByteBuffer();
    }

    long address() {
        return segment.address();
    }

    MemorySegment segment() {
        return segment;
    }

    /** The same memory; position and limit are for whoever uses it at the moment. */
    ByteBuffer bytes() {
        return bytes;
    }

    int size() {
        return (int) segment.byteSize();
    }
}
