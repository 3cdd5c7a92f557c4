package io.tcplab.loadgen.learn;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Traffic that a test invents, and the captures that tcpdump would have written of it with a snap length of 96. */
final class Packets {

    static final int FIN = 1;
    static final int SYN = 2;
    static final int RST = 4;
    static final int ACK = 16;
    static final int SERVER_PORT = 8080;
    private static final int SNAP = 96;

    /** How packets are written. */
    record Format(boolean ng, boolean big, boolean nanos, int linkType, boolean vlan, boolean v6) {}

    /** A segment. */
    private record Sent(long nanos, int clientPort, boolean byClient, int seq, int flags, int payload, int id) {
        Sent at(long other) {
            return new Sent(other, clientPort, byClient, seq, flags, payload, id);
        }
    }

    private final List<Sent> sent = new ArrayList<>();
    private int id;

    /** A connection under construction. */
    final class Connection {
        private final int port;
        private long now;
        private int clientSeq;
        private int serverSeq;

        private Connection(int port, long nanos) {
            this.port = port;
            this.now = nanos;
            this.clientSeq = port * 7_919;
            this.serverSeq = port * 104_729;
        }

        Connection handshake() {
            send(true, SYN, 0);
            send(false, SYN | ACK, 0);
            send(true, ACK, 0);
            return this;
        }

        Connection exchange(int request, int response) {
            send(true, ACK, request);
            for (int left = response; left > 0; left -= 1_400) {
                send(false, ACK, Math.min(left, 1_400));
            }
            return this;
        }

        Connection after(long nanos) {
            now += nanos;
            return this;
        }

        Connection send(boolean byClient, int flags, int payload) {
            int seq = byClient ? clientSeq : serverSeq;
            sent.add(new Sent(now, port, byClient, seq, flags, payload, id++));
            int next = seq + payload + ((flags & (SYN | FIN)) != 0 ? 1 : 0);
            if (byClient) {
                clientSeq = next;
            } else {
                serverSeq = next;
            }
            now += 20_000;
            return this;
        }

        /** The last segment once more. */
        Connection again(long later, boolean sameId) {
            Sent last = sent.getLast();
            sent.add(new Sent(
                    last.nanos() + later,
                    port,
                    last.byClient(),
                    last.seq(),
                    last.flags(),
                    last.payload(),
                    sameId ? last.id() : id++));
            return this;
        }

        /** A segment that was sent and not captured. */
        Connection missed(boolean byClient, int payload) {
            send(byClient, ACK, payload);
            sent.removeLast();
            return this;
        }

        /** The last two segments, in the other order. */
        Connection swapped() {
            Sent second = sent.removeLast();
            Sent first = sent.removeLast();
            sent.add(second.at(first.nanos()));
            sent.add(first.at(second.nanos()));
            return this;
        }

        Connection close(boolean byClient) {
            send(byClient, FIN | ACK, 0);
            send(!byClient, FIN | ACK, 0);
            return send(byClient, ACK, 0);
        }

        long now() {
            return now;
        }
    }

    Connection connection(int clientPort, long nanos) {
        return new Connection(clientPort, nanos);
    }

    /** The capture, in the order of time. */
    byte[] write(Format format) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteOrder order = format.big() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        header(out, format, order);
        sent.stream().sorted(Comparator.comparingLong(Sent::nanos)).forEach(each -> packet(out, format, order, each));
        return out.toByteArray();
    }

    private static void header(ByteArrayOutputStream out, Format format, ByteOrder order) {
        if (!format.ng()) {
            out.writeBytes(ByteBuffer.allocate(24)
                    .order(order)
                    .putInt(format.nanos() ? 0xa1b23c4d : 0xa1b2c3d4)
                    .putShort((short) 2)
                    .putShort((short) 4)
                    .putInt(0)
                    .putInt(0)
                    .putInt(SNAP)
                    .putInt(format.linkType())
                    .array());
            return;
        }
        out.writeBytes(ByteBuffer.allocate(28)
                .order(order)
                .putInt(0x0a0d0d0a)
                .putInt(28)
                .putInt(0x1a2b3c4d)
                .putShort((short) 1)
                .putShort((short) 0)
                .putLong(-1)
                .putInt(28)
                .array());
        out.writeBytes(ByteBuffer.allocate(32)
                .order(order)
                .putInt(1)
                .putInt(32)
                .putShort((short) format.linkType())
                .putShort((short) 0)
                .putInt(SNAP)
                .putShort((short) 9)
                .putShort((short) 1)
                .put((byte) (format.nanos() ? 9 : 6))
                .put(new byte[3])
                .putInt(0)
                .putInt(32)
                .array());
    }

    private static void packet(ByteArrayOutputStream out, Format format, ByteOrder order, Sent each) {
        byte[] whole = bytes(format, each);
        int original = whole.length + each.payload();
        int captured = Math.min(SNAP, original);
        byte[] kept = Arrays.copyOf(whole, captured);
        long unit = format.nanos() ? 1 : 1_000;
        if (!format.ng()) {
            out.writeBytes(ByteBuffer.allocate(16)
                    .order(order)
                    .putInt((int) (each.nanos() / 1_000_000_000))
                    .putInt((int) (each.nanos() % 1_000_000_000 / unit))
                    .putInt(captured)
                    .putInt(original)
                    .array());
            out.writeBytes(kept);
            return;
        }
        int padded = captured + 3 & ~3;
        long ticks = each.nanos() / unit;
        out.writeBytes(ByteBuffer.allocate(32 + padded)
                .order(order)
                .putInt(6)
                .putInt(32 + padded)
                .putInt(0)
                .putInt((int) (ticks >>> 32))
                .putInt((int) ticks)
                .putInt(captured)
                .putInt(original)
                .put(kept)
                .put(new byte[padded - captured])
                .putInt(32 + padded)
                .array());
    }

    /** Headers; the payload is not there. */
    private static byte[] bytes(Format format, Sent each) {
        ByteBuffer buffer = ByteBuffer.allocate(128);
        int type = format.v6() ? 0x86dd : 0x0800;
        switch (format.linkType()) {
            case 1 -> {
                buffer.put(new byte[12]);
                if (format.vlan()) {
                    buffer.putInt(0x8100_0017);
                }
                buffer.putShort((short) type);
            }
            case 113 -> buffer.put(new byte[14]).putShort((short) type);
            case 276 -> buffer.putShort((short) type).put(new byte[18]);
            default -> {}
        }
        int tcp = 32; // with timestamps
        if (format.v6()) {
            buffer.putInt(0x6000_0000)
                    .putShort((short) (tcp + each.payload()))
                    .put((byte) 6)
                    .put((byte) 64);
            address6(buffer, each.byClient());
            address6(buffer, !each.byClient());
        } else {
            buffer.put((byte) 0x45).put((byte) 0).putShort((short) (20 + tcp + each.payload()));
            buffer.putShort((short) each.id())
                    .putShort((short) 0x4000)
                    .put((byte) 64)
                    .put((byte) 6)
                    .putShort((short) 0);
            buffer.putInt(each.byClient() ? 0xc612_0001 : 0xc612_0002)
                    .putInt(each.byClient() ? 0xc612_0002 : 0xc612_0001);
        }
        buffer.putShort((short) (each.byClient() ? each.clientPort() : SERVER_PORT));
        buffer.putShort((short) (each.byClient() ? SERVER_PORT : each.clientPort()));
        buffer.putInt(each.seq())
                .putInt(0)
                .put((byte) (tcp / 4 << 4))
                .put((byte) each.flags())
                .putShort((short) 512);
        buffer.put(new byte[16]);
        byte[] whole = new byte[buffer.position()];
        buffer.flip().get(whole);
        return whole;
    }

    private static void address6(ByteBuffer buffer, boolean client) {
        buffer.putLong(0x2001_0db8_0000_0000L).putLong(client ? 1 : 2);
    }
}
