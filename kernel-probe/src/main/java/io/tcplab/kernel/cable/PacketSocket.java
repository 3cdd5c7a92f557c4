package io.tcplab.kernel.cable;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.FastCalls;
import io.tcplab.kernel.syscall.Syscalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * A packet socket on one device (packet(7)): what arrives there lies in a ring that the kernel fills (TPACKET_V2,
 * Documentation/networking/packet_mmap.rst), so that receiving makes no system call; what is sent goes many packets to a call. One
 * thread's.
 */
final class PacketSocket implements AutoCloseable {

    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    private static final short ETH_P_ALL_BIG_ENDIAN = 0x0300;
    private static final int SOL_PACKET = 263;
    private static final int PACKET_RX_RING = 5;
    private static final int PACKET_STATISTICS = 6;
    private static final int PACKET_VERSION = 10;
    private static final int PACKET_QDISC_BYPASS = 20;
    private static final int PACKET_IGNORE_OUTGOING = 23;
    private static final int TPACKET_V2 = 1;
    private static final long SIOCGIFINDEX = 0x8933;

    /** Offsets in struct tpacket2_hdr (linux/if_packet.h). */
    private static final int LENGTH = 4;

    private static final int CAPTURED = 8;
    private static final int MAC = 12;
    private static final int SECONDS = 16;
    private static final int NANOS = 20;
    private static final int USER = 1;

    private static final VarHandle STATUS = ValueLayout.JAVA_INT.varHandle();

    private static final int BLOCK_BYTES = 1 << 20;

    /** How many packets go out in one call at most. */
    static final int BATCH = 32;

    private static final int MESSAGE_BYTES = 64;
    private static final int VECTOR_BYTES = 16;

    private final FastCalls calls;
    private final int fd;
    private final int frameBytes;
    private final long ringBytes;
    private final long ringAddress;
    private final MemorySegment ring;
    private final int frames;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment messages;
    private final MemorySegment vectors;
    private int next;

    /**
     * Opens it in the calling thread's namespace. {@code mostBytes} is the longest frame, {@code megabytes} the size of the ring. Throws
     * IOException with call and errno.
     */
    PacketSocket(String device, int mostBytes, int megabytes, FastCalls calls) throws IOException {
        this.calls = calls;
        this.ringBytes = (long) BLOCK_BYTES * megabytes;
        // 96 bytes stand before the frame in its place; a power of two divides the block.
        this.frameBytes = Math.max(2048, Integer.highestOneBit(mostBytes + 96 - 1) << 1);
        this.frames = (int) (ringBytes / frameBytes);
        this.fd = Syscalls.socket(AF_PACKET, SOCK_RAW | Syscalls.NONBLOCK | Syscalls.CLOEXEC, 0);
        check("socket(AF_PACKET)", fd);
        try {
            prepare(megabytes);
            long address = Syscalls.mmap(fd, ringBytes);
            check("mmap of a packet socket", address);
            this.ringAddress = address;
            bind(device);
        } catch (IOException e) {
            Errno.ofResult(Syscalls.close(fd));
            throw e;
        }
        this.ring = MemorySegment.ofAddress(ringAddress).reinterpret(ringBytes);
        this.messages = arena.allocate((long) BATCH * MESSAGE_BYTES, 8);
        this.vectors = arena.allocate((long) BATCH * VECTOR_BYTES, 8);
        for (int i = 0; i < BATCH; i++) {
            long message = (long) i * MESSAGE_BYTES;
            messages.set(ValueLayout.JAVA_LONG, message + 16, vectors.address() + (long) i * VECTOR_BYTES);
            messages.set(ValueLayout.JAVA_LONG, message + 24, 1);
        }
    }

    private void prepare(int blocks) throws IOException {
        try (Arena brief = Arena.ofConfined()) {
            option("PACKET_VERSION", PACKET_VERSION, brief.allocateFrom(ValueLayout.JAVA_INT, TPACKET_V2));
            option("PACKET_IGNORE_OUTGOING", PACKET_IGNORE_OUTGOING, brief.allocateFrom(ValueLayout.JAVA_INT, 1));
            option("PACKET_QDISC_BYPASS", PACKET_QDISC_BYPASS, brief.allocateFrom(ValueLayout.JAVA_INT, 1));
            option(
                    "PACKET_RX_RING",
                    PACKET_RX_RING,
                    brief.allocateFrom(ValueLayout.JAVA_INT, BLOCK_BYTES, blocks, frameBytes, frames));
        }
    }

    private void option(String name, int option, MemorySegment value) throws IOException {
        check("setsockopt(" + name + ")", Syscalls.setsockopt(fd, SOL_PACKET, option, value));
    }

    private void bind(String device) throws IOException {
        try (Arena brief = Arena.ofConfined()) {
            MemorySegment request = brief.allocate(40, 8);
            request.setString(0, device);
            check("ioctl(SIOCGIFINDEX " + device + ")", Syscalls.ioctl(fd, SIOCGIFINDEX, request));
            MemorySegment address = brief.allocate(20, 4);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_PACKET);
            address.set(ValueLayout.JAVA_SHORT, 2, ETH_P_ALL_BIG_ENDIAN);
            address.set(ValueLayout.JAVA_INT, 4, request.get(ValueLayout.JAVA_INT, 16));
            check("bind(AF_PACKET)", Syscalls.bind(fd, address));
        }
    }

    private static void check(String call, long result) throws IOException {
        if (result < 0) {
            throw new IOException(call + ": " + Errno.ofResult(result));
        }
    }

    int fd() {
        return fd;
    }

    /** Whether a frame lies ready; it stays until {@link #done}. */
    boolean hasFrame() {
        return ((int) STATUS.getAcquire(ring, frame()) & USER) != 0;
    }

    private long frame() {
        return (long) next * frameBytes;
    }

    MemorySegment ring() {
        return ring;
    }

    /** Where in {@link #ring} the frame at hand begins. */
    long frameOffset() {
        return frame() + (ring.get(ValueLayout.JAVA_SHORT, frame() + MAC) & 0xffff);
    }

    /** The bytes of the frame at hand, or 0 where it did not fit and so is not whole. */
    int frameLength() {
        int length = ring.get(ValueLayout.JAVA_INT, frame() + LENGTH);
        return ring.get(ValueLayout.JAVA_INT, frame() + CAPTURED) == length ? length : 0;
    }

    /** When the frame at hand arrived, in nanoseconds since 1970. */
    long frameRealNanos() {
        return (ring.get(ValueLayout.JAVA_INT, frame() + SECONDS) & 0xffff_ffffL) * 1_000_000_000L
                + ring.get(ValueLayout.JAVA_INT, frame() + NANOS);
    }

    /** Gives the frame at hand back and turns to the next. */
    void done() {
        STATUS.setRelease(ring, frame(), 0);
        next = next + 1 == frames ? 0 : next + 1;
    }

    /** Puts a packet into the batch at this place. */
    void put(int place, long address, int length) {
        vectors.set(ValueLayout.JAVA_LONG, (long) place * VECTOR_BYTES, address);
        vectors.set(ValueLayout.JAVA_LONG, (long) place * VECTOR_BYTES + 8, length);
    }

    /** Sends the batch's packets from this place on: how many the kernel took, or a negative errno. */
    int send(int from, int count) {
        return calls.sendMany(fd, messages.address() + (long) from * MESSAGE_BYTES, count);
    }

    /** How many frames found the ring full since this was asked last. */
    long takeDropped() {
        try (Arena brief = Arena.ofConfined()) {
            MemorySegment value = brief.allocate(8, 4);
            MemorySegment length = brief.allocateFrom(ValueLayout.JAVA_INT, 8);
            int result = Syscalls.getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, value, length);
            return result < 0 ? 0 : value.get(ValueLayout.JAVA_INT, 4) & 0xffff_ffffL;
        }
    }

    @Override
    public void close() {
        Errno.ofResult(Syscalls.munmap(ringAddress, ringBytes));
        Errno.ofResult(Syscalls.close(fd));
        arena.close();
    }
}
