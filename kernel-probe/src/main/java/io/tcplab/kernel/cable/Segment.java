package io.tcplab.kernel.cable;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;

/**
 * One TCP segment over IPv4, as it was on the wire (RFC 9293 §3.1).
 *
 * @param atSeconds when it was seen, from the start of what is observed
 * @param source the sender's address as four bytes in one int
 * @param sequence the sequence number, unsigned
 * @param acknowledgement the acknowledgement number, unsigned; means nothing without the ACK flag
 * @param flags the flag bits, FIN lowest
 * @param window the window field, not scaled
 * @param headerBytes the TCP header with its options
 * @param payloadBytes what it carries
 * @param timestamp the TSval of the timestamps option, or -1
 * @param windowScale the shift of the window scale option, or -1
 */
public record Segment(
        double atSeconds,
        int source,
        int sourcePort,
        int destination,
        int destinationPort,
        long sequence,
        long acknowledgement,
        int flags,
        int window,
        int headerBytes,
        int payloadBytes,
        long timestamp,
        int windowScale) {
    /** The FIN flag. */
    public static final int FIN = 1;

    /** The SYN flag. */
    public static final int SYN = 2;

    /** The RST flag. */
    public static final int RST = 4;

    /** The PSH flag. */
    public static final int PSH = 8;

    /** The ACK flag. */
    public static final int ACK = 16;

    private static final String[] NAMES = {"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"};
    private static final int ETHERNET = 14;
    private static final int IPV4 = 0x0800;
    private static final int TCP = 6;

    /** Reads an Ethernet frame; empty if it is not TCP over IPv4. */
    public static Optional<Segment> ofFrame(ByteBuffer frame, double atSeconds) {
        if (frame.limit() < ETHERNET + 40 || frame.getShort(12) != IPV4 || frame.get(ETHERNET + 9) != TCP) {
            return Optional.empty();
        }
        int ipBytes = 4 * (frame.get(ETHERNET) & 0xf);
        int at = ETHERNET + ipBytes;
        int header = 4 * (frame.get(at + 12) >> 4 & 0xf);
        int total = frame.getShort(ETHERNET + 2) & 0xffff;
        return Optional.of(new Segment(
                atSeconds,
                frame.getInt(ETHERNET + 12),
                frame.getShort(at) & 0xffff,
                frame.getInt(ETHERNET + 16),
                frame.getShort(at + 2) & 0xffff,
                frame.getInt(at + 4) & 0xffff_ffffL,
                frame.getInt(at + 8) & 0xffff_ffffL,
                frame.get(at + 13) & 0xff,
                frame.getShort(at + 14) & 0xffff,
                header,
                Math.max(0, total - ipBytes - header),
                option(frame, at, header, 8, 4),
                (int) option(frame, at, header, 3, 1)));
    }

    /** The first {@code bytes} bytes of an option's value, or -1 where it is not there. */
    private static long option(ByteBuffer frame, int start, int headerBytes, int wanted, int bytes) {
        int end = Math.min(start + headerBytes, frame.limit());
        int at = start + 20;
        while (at + 1 < end && frame.get(at) != 0) {
            int kind = frame.get(at);
            int length = kind == 1 ? 1 : frame.get(at + 1) & 0xff;
            if (kind == wanted && at + 2 + bytes <= end) {
                return bytes == 1 ? frame.get(at + 2) : frame.getInt(at + 2) & 0xffff_ffffL;
            }
            at += Math.max(1, length);
        }
        return -1;
    }

    /** The same, seen at another time: where times count from another beginning. */
    public Segment seenAt(double seconds) {
        return new Segment(
                seconds,
                source,
                sourcePort,
                destination,
                destinationPort,
                sequence,
                acknowledgement,
                flags,
                window,
                headerBytes,
                payloadBytes,
                timestamp,
                windowScale);
    }

    /** Whether every one of these flags is set. */
    public boolean has(int wanted) {
        return (flags & wanted) == wanted;
    }

    /** Whether it carries nothing but an acknowledgement. */
    public boolean isPureAck() {
        return flags == ACK && payloadBytes == 0;
    }

    /** The flags by name, as {@code FIN+ACK}. */
    public String flagNames() {
        StringBuilder names = new StringBuilder();
        for (int bit = 0; bit < NAMES.length; bit++) {
            if ((flags & 1 << bit) != 0 && bit != 3) {
                names.append(names.isEmpty() ? "" : "+").append(NAMES[bit]);
            }
        }
        return names.toString();
    }

    /** The sequence number that comes after this segment: SYN and FIN take one each. */
    public long nextSequence() {
        return (sequence + payloadBytes + (has(SYN) ? 1 : 0) + (has(FIN) ? 1 : 0)) & 0xffff_ffffL;
    }

    /** One line of a sequence diagram, with numbers from those that each side began with. */
    public String line(boolean fromClient, long ownStart, long peerStart) {
        String text = flagNames()
                + " seq " + (sequence - ownStart & 0xffff_ffffL)
                + (has(ACK) ? " ack " + (acknowledgement - peerStart & 0xffff_ffffL) : "")
                + (payloadBytes > 0 ? " (" + payloadBytes + " bytes)" : "");
        String arrow = fromClient ? "client ─%s▶ server" : "client ◀%s─ server";
        int left = Math.max(2, 44 - text.length());
        String line = "─ " + text + " " + "─".repeat(left);
        return String.format(Locale.ROOT, "%8.3f s  ", atSeconds) + String.format(Locale.ROOT, arrow, line);
    }
}
