package io.tcplab.kernel.cable;

import io.tcplab.kernel.Side;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of a pcapng file (draft-ietf-opsawg-pcapng): one interface for what each side sent, times in nanoseconds. Written in little
 * endian, which its first block says.
 */
final class Pcapng {

    private static final int SECTION_HEADER = 0x0A0D0D0A;
    private static final int BYTE_ORDER = 0x1A2B3C4D;
    private static final int INTERFACE = 1;
    private static final int ENHANCED_PACKET = 6;
    private static final int DECRYPTION_SECRETS = 10;
    private static final int TLS_KEY_LOG = 0x544c534b;
    private static final short ETHERNET = 1;
    private static final short OPTION_COMMENT = 1;
    private static final short OPTION_INTERFACE_NAME = 2;
    private static final short OPTION_USER_APPLICATION = 4;
    private static final short OPTION_TIME_RESOLUTION = 9;
    private static final byte NANOSECONDS = 9;

    /** What stands before a packet's bytes in its block. */
    static final int PACKET_HEAD_BYTES = 28;

    /** Of a packet's block, where the number of its interface is. */
    static final int PACKET_INTERFACE = 8;

    static final int PACKET_TIME_HIGH = 12;
    static final int PACKET_TIME_LOW = 16;
    static final int PACKET_LENGTH = 20;

    private Pcapng() {}

    /** The first blocks of a file. */
    static byte[] head() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteBuffer section = buffer();
        section.putInt(BYTE_ORDER).putShort((short) 1).putShort((short) 0).putLong(-1);
        option(section, OPTION_USER_APPLICATION, "tcplab".getBytes(StandardCharsets.UTF_8));
        section.putInt(0);
        out.writeBytes(block(SECTION_HEADER, section));
        for (Side side : Side.values()) {
            ByteBuffer one = buffer();
            one.putShort(ETHERNET).putShort((short) 0).putInt(0);
            option(one, OPTION_INTERFACE_NAME, ("from " + side.word()).getBytes(StandardCharsets.UTF_8));
            option(one, OPTION_TIME_RESOLUTION, new byte[] {NANOSECONDS});
            one.putInt(0);
            out.writeBytes(block(INTERFACE, one));
        }
        return out.toByteArray();
    }

    /** TLS secrets in the format of NSS's key log, as SSLKEYLOGFILE has it. */
    static byte[] secrets(byte[] keyLog) {
        ByteBuffer body = ByteBuffer.allocate(padded(keyLog.length) + 8).order(ByteOrder.LITTLE_ENDIAN);
        body.putInt(TLS_KEY_LOG).putInt(keyLog.length).put(keyLog);
        body.position(body.limit());
        return block(DECRYPTION_SECRETS, body);
    }

    /** The comment of a packet that was dropped, as an option; empty for one that was not. */
    static byte[] comment(@Nullable DropReason dropped) {
        if (dropped == null) {
            return new byte[0];
        }
        ByteBuffer options = buffer();
        option(options, OPTION_COMMENT, ("dropped by the cable: " + dropped.word()).getBytes(StandardCharsets.UTF_8));
        options.putInt(0);
        byte[] bytes = new byte[options.position()];
        options.flip().get(bytes);
        return bytes;
    }

    /** How long the block of a packet is. */
    static int packetBytes(int length, byte[] comment) {
        return PACKET_HEAD_BYTES + padded(length) + comment.length + 4;
    }

    /** Writes what stands before a packet's bytes. */
    static void packetHead(ByteBuffer into, Side from, long realNanos, int length, int blockBytes) {
        into.putInt(ENHANCED_PACKET)
                .putInt(blockBytes)
                .putInt(from.ordinal())
                .putInt((int) (realNanos >>> 32))
                .putInt((int) realNanos)
                .putInt(length)
                .putInt(length);
    }

    static int padded(int length) {
        return length + 3 & ~3;
    }

    private static ByteBuffer buffer() {
        return ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void option(ByteBuffer into, short code, byte[] value) {
        into.putShort(code).putShort((short) value.length).put(value);
        into.position(into.position() + padded(value.length) - value.length);
    }

    private static byte[] block(int type, ByteBuffer body) {
        int length = body.position() + 12;
        ByteBuffer block = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        block.putInt(type).putInt(length).put(body.flip()).putInt(length);
        return block.array();
    }
}
