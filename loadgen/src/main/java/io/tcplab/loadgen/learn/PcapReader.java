package io.tcplab.loadgen.learn;

import java.io.EOFException;
import java.io.IOException;

/** The classic format: a header of 24 bytes, then each packet behind 16 bytes of its time and lengths. */
final class PcapReader {

    /** MAXIMUM_SNAPLEN of libpcap is 262,144; D-Bus and USB may have more, and are not TCP. */
    private static final long LONGEST_PACKET = 1 << 24;

    private static final int LINK_TYPE_BITS = 0x0fff_ffff;
    private static final int VERSION = 2;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long NANOS_PER_MICRO = 1_000L;

    private final String name;
    private final CaptureInput in;
    private final FrameSink sink;
    private final boolean nanos;
    private final byte[] bytes = new byte[CaptureReader.HEADERS];

    PcapReader(String name, CaptureInput in, FrameSink sink, boolean nanos) {
        this.name = name;
        this.in = in;
        this.sink = sink;
        this.nanos = nanos;
    }

    /** From behind the magic number; returns whether the file ends within a packet. */
    boolean read() throws IOException, NotACapture {
        int linkType;
        try {
            int major = in.u16();
            in.skip(2 + 4 + 4 + 4);
            linkType = in.u32() & LINK_TYPE_BITS;
            if (major != VERSION) {
                throw new NotACapture(name + " is a pcap of version " + major + "; only version 2 is known.");
            }
        } catch (EOFException _) {
            throw new NotACapture(name + " is a pcap that ends in its header.");
        }
        for (long number = 1; !in.atEnd(); number++) {
            try {
                packet(number, linkType);
            } catch (EOFException _) {
                return true;
            }
        }
        return false;
    }

    private void packet(long number, int linkType) throws IOException, NotACapture {
        long seconds = in.length();
        long fraction = in.length();
        long captured = in.length();
        long original = in.length();
        if (captured > LONGEST_PACKET) {
            throw new NotACapture(name + " is damaged: packet " + number + " says that it has " + captured + " bytes.");
        }
        int kept = (int) Math.min(captured, bytes.length);
        in.bytes(bytes, kept);
        in.skip(captured - kept);
        long time = seconds * NANOS_PER_SECOND + (nanos ? fraction : fraction * NANOS_PER_MICRO);
        sink.frame(time, linkType, bytes, kept, original);
    }
}
