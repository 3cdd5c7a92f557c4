package io.tcplab.loadgen.learn;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The format of blocks: sections, each with its byte order and its interfaces, and packets of them; other blocks are skipped. */
final class PcapngReader {

    private static final long LONGEST_BLOCK = 1 << 26;
    private static final int MOST_INTERFACES = 10_000;
    private static final int SECTION = 0x0a0d0d0a;
    private static final int INTERFACE = 1;
    private static final int PACKET = 2;
    private static final int SIMPLE_PACKET = 3;
    private static final int ENHANCED_PACKET = 6;
    private static final int ORDER_MAGIC = 0x1a2b3c4d;
    private static final int OPTION_RESOLUTION = 9;
    private static final int OPTION_OFFSET = 14;
    private static final int OPTIONS_END = 0;

    /** Its type, twice its length. */
    private static final int FRAME = 12;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int POWER_OF_TWO = 0x80;

    /** Where packets come from, and the unit of their times: {@code ticksPerSecond}, since {@code offsetSeconds}. */
    private record Interface(int linkType, long ticksPerSecond, long offsetSeconds) {

        long nanos(long ticks) {
            long seconds = Long.divideUnsigned(ticks, ticksPerSecond);
            long rest = Long.remainderUnsigned(ticks, ticksPerSecond);
            return (seconds + offsetSeconds) * NANOS_PER_SECOND
                    + (long) (rest * ((double) NANOS_PER_SECOND / ticksPerSecond));
        }
    }

    private final String name;
    private final CaptureInput in;
    private final FrameSink sink;
    private final byte[] bytes = new byte[CaptureReader.HEADERS];
    private final List<Interface> interfaces = new ArrayList<>();
    private long number;

    PcapngReader(String name, CaptureInput in, FrameSink sink) {
        this.name = name;
        this.in = in;
        this.sink = sink;
    }

    /** From behind the type of the first block; returns whether the file ends within a block. */
    boolean read() throws IOException, NotACapture {
        try {
            section();
        } catch (EOFException _) {
            throw new NotACapture(name + " is a pcapng that ends in its first block.");
        }
        while (!in.atEnd()) {
            try {
                block();
            } catch (EOFException _) {
                return true;
            }
        }
        return false;
    }

    /** The length precedes the mark of the byte order that it is written in. */
    private void section() throws IOException, NotACapture {
        in.order(ByteOrder.BIG_ENDIAN);
        int length = in.u32();
        int magic = in.u32();
        if (magic != ORDER_MAGIC && Integer.reverseBytes(magic) != ORDER_MAGIC) {
            throw new NotACapture(name + " is damaged: a section has no byte order.");
        }
        boolean big = magic == ORDER_MAGIC;
        in.order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        long whole = checked(Integer.toUnsignedLong(big ? length : Integer.reverseBytes(length)), FRAME + 4 + 12);
        interfaces.clear();
        in.skip(whole - FRAME);
    }

    private long checked(long length, int least) throws NotACapture {
        if (length < least || length > LONGEST_BLOCK || length % 4 != 0) {
            throw new NotACapture(
                    name + " is damaged: a block behind packet " + number + " says that it has " + length + " bytes.");
        }
        return length;
    }

    private void block() throws IOException, NotACapture {
        int type = in.u32();
        if (type == SECTION) {
            section();
            return;
        }
        long body = checked(in.length(), FRAME) - FRAME;
        long read = switch (type) {
            case INTERFACE -> anInterface(body);
            case ENHANCED_PACKET, PACKET -> packet(type, body);
            case SIMPLE_PACKET ->
                throw new NotACapture(
                        name + " has packets without times (simple packet blocks): capture it again, by tcpdump.");
            default -> 0;
        };
        in.skip(body - read + 4);
    }

    private long anInterface(long body) throws IOException, NotACapture {
        if (body < 8 || interfaces.size() >= MOST_INTERFACES) {
            throw new NotACapture(name + " is damaged: it has an interface that none can be.");
        }
        int linkType = in.u16();
        in.skip(2);
        in.skip(4);
        long read = 8;
        long ticks = 1_000_000;
        long offset = 0;
        while (body - read >= 4) {
            int code = in.u16();
            int length = in.u16();
            int padded = length + 3 & ~3;
            read += 4;
            if (code == OPTIONS_END) {
                break;
            }
            if (padded > body - read) {
                throw new NotACapture(name + " is damaged: an option of an interface is longer than its block.");
            }
            byte[] value = new byte[padded];
            in.bytes(value, padded);
            read += padded;
            if (code == OPTION_RESOLUTION && length == 1) {
                ticks = resolution(value[0] & 0xff);
            } else if (code == OPTION_OFFSET && length == 8) {
                offset = in.number(value);
            }
        }
        interfaces.add(new Interface(linkType, ticks, offset));
        return read;
    }

    private long resolution(int value) throws NotACapture {
        int power = value & ~POWER_OF_TWO;
        double ticks = Math.pow((value & POWER_OF_TWO) != 0 ? 2 : 10, power);
        if (ticks > 1e18) {
            throw new NotACapture(name + " is damaged: the unit of an interface's times is too small.");
        }
        return (long) ticks;
    }

    private long packet(int type, long body) throws IOException, NotACapture {
        number++;
        if (body < 20) {
            throw new NotACapture(name + " is damaged: packet " + number + " is shorter than its own header.");
        }
        int index = type == ENHANCED_PACKET ? in.u32() : in.u16();
        if (type == PACKET) {
            in.skip(2);
        }
        long high = in.length();
        long low = in.length();
        long captured = in.length();
        long original = in.length();
        if (captured > body - 20) {
            throw new NotACapture(name + " is damaged: packet " + number + " is longer than its block.");
        }
        return 20 + frame(of(index), high << 32 | low, captured, original);
    }

    private Interface of(int index) throws NotACapture {
        if (index < 0 || index >= interfaces.size()) {
            throw new NotACapture(
                    name + " is damaged: packet " + number + " is of an interface that it does not describe.");
        }
        return interfaces.get(index);
    }

    private long frame(Interface from, long ticks, long captured, long original) throws IOException {
        int kept = (int) Math.min(captured, bytes.length);
        in.bytes(bytes, kept);
        sink.frame(from.nanos(ticks), from.linkType(), bytes, kept, original);
        return kept;
    }
}
