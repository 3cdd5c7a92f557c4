package io.tcplab.kernel.cable;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.Side;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is in a file of captured packets. */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class CaptureTest {

    private static final int ENHANCED_PACKET = 6;

    @TempDir
    private Path directory;

    private static void take(Capture capture, int packets) {
        MemorySegment memory = MemorySegment.ofArray(new byte[60]);
        for (int i = 0; i < packets; i++) {
            capture.take(Side.CLIENT, i, memory, 0, 60, i == 0 ? DropReason.LOSS : null);
        }
    }

    /** Blocks of packets: type and length stand at the head of each block (draft-ietf-opsawg-pcapng, §3.1). */
    private static int packets(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int packets = 0;
        for (int at = 0; at < bytes.capacity(); at += bytes.getInt(at + 4)) {
            packets += bytes.getInt(at) == ENHANCED_PACKET ? 1 : 0;
        }
        return packets;
    }

    @Test
    void whatComesAfterTheLastCountIsNotInTheFile() throws IOException {
        Path file = directory.resolve("counted.pcapng");
        try (Capture capture = new Capture(file, 0)) {
            take(capture, 2);
            capture.counted();
            take(capture, 3);
            capture.counted();
            take(capture, 4);
            capture.secret(new byte[] {'a'});
        }
        assertThat(packets(file)).isEqualTo(5);
    }

    @Test
    void withoutACountAllIsInTheFile() throws IOException {
        Path file = directory.resolve("all.pcapng");
        try (Capture capture = new Capture(file, 0)) {
            take(capture, 7);
        }
        assertThat(packets(file)).isEqualTo(7);
    }

    private static final int FIN = 1;
    private static final int SYN = 2;
    private static final int ACK = 16;
    private static final int HEADERS = 54;

    /** A frame of a connection from this port: Ethernet, IPv4 and TCP without options (RFC 791, RFC 9293 §3.1). */
    private static byte[] frame(int port, int flags, int payload) {
        ByteBuffer frame = ByteBuffer.allocate(HEADERS + payload);
        frame.putShort(12, (short) 0x0800).put(14, (byte) 0x45).putShort(16, (short) (40 + payload));
        frame.put(23, (byte) 6).putInt(26, 1).putInt(30, 2);
        frame.putShort(34, (short) port).putShort(36, (short) 80);
        frame.put(46, (byte) 0x50).put(47, (byte) flags);
        return frame.array();
    }

    private static void take(Capture capture, long nanos, int port, int flags, int payload) {
        byte[] frame = frame(port, flags, payload);
        capture.take(Side.CLIENT, nanos, MemorySegment.ofArray(frame), 0, frame.length, null);
    }

    /** A connection with a SYN, so many packets of data and two FINs. */
    private static void connection(Capture capture, int port, long tookNanos, int packets) {
        long began = port * 1_000_000L;
        take(capture, began, port, SYN, 0);
        for (int i = 0; i < packets; i++) {
            take(capture, began + 1, port, ACK, 1_400);
        }
        take(capture, began + tookNanos, port, FIN | ACK, 0);
        take(capture, began + tookNanos, port, FIN | ACK, 0);
    }

    @Test
    void ofTheSlowestConnectionsThoseWithManyBytesAreLeftOutWhole() throws IOException {
        Path file = directory.resolve("slow.pcapng");
        try (Capture capture = new Capture(file, 3)) {
            for (int port = 1; port <= 200; port++) {
                connection(capture, port, 1_000, 1);
            }
            connection(capture, 301, 400_000, 3);
            connection(capture, 302, 500_000, 1_000);
        }
        assertThat(packets(file)).as("a SYN, data and two FINs of port 301").isEqualTo(1 + 3 + 2);
    }

    /** Together they have more bytes than this process has memory: none may be kept until its port comes again. */
    @Test
    void manyConnectionsWithMuchDataAreNotKeptAllAtOnce() throws IOException {
        SlowConnections slow = new SlowConnections(2);
        int packets = 14;
        int length = HEADERS + 1_400;
        byte[] block = new byte[Pcapng.packetBytes(length, new byte[0])];
        for (int port = 1; port <= 40_000; port++) {
            for (int packet = 0; packet < packets; packet++) {
                ByteBuffer into = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
                long nanos = port * 1_000_000L + (packet < packets - 1 ? 0 : port);
                Pcapng.packetHead(into, Side.CLIENT, nanos, length, block.length);
                into.put(frame(port, packet == 0 ? SYN : packet < packets - 2 ? ACK : FIN | ACK, 1_400));
                slow.take(block, block.length);
            }
        }
        Path file = directory.resolve("much.pcapng");
        try (OutputStream out = Files.newOutputStream(file)) {
            slow.writeTo(out);
        }
        assertThat(packets(file)).as("of the two slowest").isEqualTo(2 * packets);
    }
}
