package io.tcplab.loadgen.learn;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads a capture from its beginning to its end, pcap or pcapng, in constant memory: of each packet only the first {@value #HEADERS}
 * bytes, which hold every header, are looked at; the rest is skipped.
 *
 * <p>Formats: the IETF's drafts draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng.
 */
final class CaptureReader {

    /** Ethernet with two VLAN tags, IPv6 with extension headers, and TCP with all its options fit in. */
    static final int HEADERS = 256;

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MAGIC_MICROS = 0xa1b2c3d4;
    private static final int MAGIC_NANOS = 0xa1b23c4d;
    private static final int MAGIC_BLOCKS = 0x0a0d0d0a;
    private static final int MAGIC_GZIP = 0x1f8b;

    private CaptureReader() {}

    /** Reads the whole file; returns whether it ends within a packet, as after a capture that was killed. */
    static boolean read(Path file, FrameSink sink) throws IOException, NotACapture {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
            return read(file.toString(), new CaptureInput(in), sink);
        }
    }

    /** The same of a stream. */
    static boolean read(String name, CaptureInput in, FrameSink sink) throws IOException, NotACapture {
        int magic;
        try {
            magic = in.u32();
        } catch (EOFException _) {
            throw new NotACapture(name + " is no capture: it has fewer than four bytes.");
        }
        if (magic >>> 16 == MAGIC_GZIP) {
            throw new NotACapture(name + " is compressed; decompress it first: gunzip.");
        }
        if (magic == MAGIC_BLOCKS) {
            return new PcapngReader(name, in, sink).read();
        }
        int swapped = Integer.reverseBytes(magic);
        boolean big = magic == MAGIC_MICROS || magic == MAGIC_NANOS;
        if (!big && swapped != MAGIC_MICROS && swapped != MAGIC_NANOS) {
            throw new NotACapture(name
                    + " is no capture: it begins neither as pcap nor as pcapng. Write one by tcpdump -w FILE -s 96.");
        }
        in.order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        return new PcapReader(name, in, sink, (big ? magic : swapped) == MAGIC_NANOS).read();
    }
}
