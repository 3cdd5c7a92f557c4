package io.tcplab.loadgen.lab;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.Syscalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;

/** Sends TCP segments that no socket of the kernel stands behind (raw(7)). Belongs to the namespace it was opened in. */
public final class Forge implements AutoCloseable {
    private static final int AF_INET = 2;
    private static final int SOCK_RAW = 3;
    private static final int IPPROTO_RAW = 255;
    private static final int IP_BYTES = 20;

    private final int fd;
    private final int source;
    private final int destination;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Forge(int fd, int source, int destination) {
        this.fd = fd;
        this.source = source;
        this.destination = destination;
    }

    static Forge open(InetAddress source, InetAddress destination) throws IOException {
        int fd = Syscalls.socket(AF_INET, SOCK_RAW | Syscalls.CLOEXEC, IPPROTO_RAW);
        if (fd < 0) {
            throw new IOException("socket(SOCK_RAW): " + Errno.ofResult(fd));
        }
        return new Forge(fd, number(source), number(destination));
    }

    static int number(InetAddress address) {
        return ByteBuffer.wrap(address.getAddress()).getInt();
    }

    /** Sends a segment from {@code sourcePort} to {@code destinationPort}, without options. */
    public Errno send(
            int sourcePort, int destinationPort, long sequence, long acknowledgement, int flags, byte[] payload) {
        return send(sourcePort, destinationPort, sequence, acknowledgement, flags, payload, -1, 0);
    }

    /** As the other, with the timestamps option (RFC 7323 §3) unless {@code timestamp} is negative. */
    public Errno send(
            int sourcePort,
            int destinationPort,
            long sequence,
            long acknowledgement,
            int flags,
            byte[] payload,
            long timestamp,
            long echo) {
        int header = timestamp < 0 ? 20 : 32;
        ByteBuffer packet = ByteBuffer.allocate(IP_BYTES + header + payload.length);
        packet.put((byte) 0x45).put((byte) 0).putShort((short) packet.capacity());
        packet.putShort((short) 0).putShort((short) 0x4000);
        packet.put((byte) 64).put((byte) 6).putShort((short) 0);
        packet.putInt(source).putInt(destination);
        packet.putShort((short) sourcePort).putShort((short) destinationPort);
        packet.putInt((int) sequence).putInt((int) acknowledgement);
        packet.put((byte) ((header / 4) << 4)).put((byte) flags).putShort((short) 0xfaf0);
        packet.putInt(0);
        if (timestamp >= 0) {
            packet.putInt(0x0101_080a).putInt((int) timestamp).putInt((int) echo);
        }
        packet.put(payload);
        packet.putShort(IP_BYTES + 16, checksum(packet, header + payload.length));
        return transmit(packet.array());
    }

    private short checksum(ByteBuffer packet, int tcpBytes) {
        long sum = (source >>> 16) + (source & 0xffff) + (destination >>> 16) + (destination & 0xffff) + 6L + tcpBytes;
        for (int i = 0; i < tcpBytes; i++) {
            int octet = packet.get(IP_BYTES + i) & 0xff;
            sum += i % 2 == 0 ? octet << 8 : octet;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (short) ~sum;
    }

    private Errno transmit(byte[] packet) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(packet.length);
            MemorySegment.copy(packet, 0, bytes, ValueLayout.JAVA_BYTE, 0, packet.length);
            MemorySegment address = arena.allocate(16, 4);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_INET);
            address.asByteBuffer().putInt(4, destination);
            return Errno.ofResult(Syscalls.sendto(fd, bytes, 0, address));
        }
    }

    @Override
    public void close() {
        // Once only: the kernel gives the number away again.
        if (closed.compareAndSet(false, true)) {
            int _ = Syscalls.close(fd);
        }
    }
}
