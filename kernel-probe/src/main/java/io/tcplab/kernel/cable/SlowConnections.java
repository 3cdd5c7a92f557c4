package io.tcplab.kernel.cable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Of all connections the packets of the slowest: of those that took longer, from their first SYN to the last packet that their closing
 * needed, than 99 % of all before them. One thread's, which is not the cable's.
 */
final class SlowConnections {

    /** Before there are so many nobody knows what is slow. */
    private static final int FEWEST = 100;

    private static final double SLOW = 0.99;

    /** A connection with more bytes is not kept: a picture of a slow one needs no megabytes. */
    private static final int MOST_BYTES = 1 << 20;

    /** As much of all connections together: those that have ended are judged where there is more, and of the others no more is kept. */
    private static final long MOST_BYTES_TOGETHER = 64L << 20;

    private static final int PORT_BITS = 16;

    /** One connection so far. */
    private static final class Connection {
        private final long beganNanos;
        private ByteArrayOutputStream blocks = new ByteArrayOutputStream(1024);

        /** Nothing of it is kept. */
        private boolean tooLarge;

        private long lastNanos;
        private int fins;
        private boolean ended;

        Connection(long beganNanos) {
            this.beganNanos = beganNanos;
        }

        private long nanos() {
            return lastNanos - beganNanos;
        }
    }

    private final int most;
    private final Map<Long, Connection> open = new HashMap<>();

    /** Of these, those that have ended, in this order. */
    private final Map<Long, Connection> ended = new LinkedHashMap<>();

    private final PriorityQueue<Connection> kept = new PriorityQueue<>(Comparator.comparingLong(Connection::nanos));
    private final Lateness durations = new Lateness();
    private final Frame frame = new Frame();

    /** Of all connections that are open or kept. */
    private long bytesTogether;

    SlowConnections(int most) {
        this.most = most;
    }

    /** Takes blocks of packets. */
    void take(byte[] bytes, int length) {
        ByteBuffer blocks = ByteBuffer.wrap(bytes, 0, length).order(ByteOrder.LITTLE_ENDIAN);
        MemorySegment memory = MemorySegment.ofArray(bytes);
        int at = 0;
        while (at < length) {
            int blockBytes = blocks.getInt(at + 4);
            frame.look(memory, at + Pcapng.PACKET_HEAD_BYTES, blocks.getInt(at + Pcapng.PACKET_LENGTH));
            if (frame.isTcp()) {
                long nanos = ((long) blocks.getInt(at + Pcapng.PACKET_TIME_HIGH) << 32)
                        | Integer.toUnsignedLong(blocks.getInt(at + Pcapng.PACKET_TIME_LOW));
                take(blocks.getInt(at + Pcapng.PACKET_INTERFACE) == 0, nanos, bytes, at, blockBytes);
            }
            at += blockBytes;
        }
    }

    private void take(boolean fromClient, long nanos, byte[] bytes, int at, int blockBytes) {
        long client = fromClient ? frame.source() : frame.destination();
        long server = fromClient ? frame.destination() : frame.source();
        long key = (client << PORT_BITS) | (server & 0xffff);
        makeRoom(blockBytes);
        Connection connection = open.get(key);
        if (frame.kind() == SegmentKind.SYN && (connection == null || connection.ended)) {
            ended.remove(key);
            end(connection);
            connection = new Connection(nanos);
            open.put(key, connection);
        }
        if (connection == null) {
            return;
        }
        keep(connection, bytes, at, blockBytes);
        connection.lastNanos = nanos;
        if (frame.kind() == SegmentKind.FIN) {
            connection.fins++;
        }
        if (!connection.ended && (frame.kind() == SegmentKind.RST || connection.fins >= 2)) {
            connection.ended = true;
            ended.put(key, connection);
        }
    }

    private void keep(Connection connection, byte[] bytes, int at, int blockBytes) {
        if (connection.tooLarge) {
            return;
        }
        if (connection.blocks.size() + blockBytes > MOST_BYTES || bytesTogether + blockBytes > MOST_BYTES_TOGETHER) {
            connection.tooLarge = true;
            drop(connection);
        } else {
            connection.blocks.write(bytes, at, blockBytes);
            bytesTogether += blockBytes;
        }
    }

    private void drop(Connection connection) {
        bytesTogether -= connection.blocks.size();
        connection.blocks = new ByteArrayOutputStream(0);
    }

    /** Judges those that have ended, the first first, until there is room again: hardly a packet of them comes any more. */
    private void makeRoom(int bytes) {
        Iterator<Map.Entry<Long, Connection>> oldest = ended.entrySet().iterator();
        while (bytesTogether + bytes > MOST_BYTES_TOGETHER && oldest.hasNext()) {
            Map.Entry<Long, Connection> first = oldest.next();
            oldest.remove();
            open.remove(first.getKey());
            end(first.getValue());
        }
    }

    /** Judges a connection of which no packet will come any more. */
    private void end(@Nullable Connection connection) {
        if (connection == null) {
            return;
        }
        boolean slow = durations.count() >= FEWEST && connection.nanos() > durations.percentile(SLOW);
        durations.record(connection.nanos());
        Connection left = connection;
        if (slow && !connection.tooLarge) {
            kept.add(connection);
            left = kept.size() > most ? kept.poll() : null;
        }
        if (left != null) {
            drop(left);
        }
    }

    /** Writes what was kept, in the order in which the connections began; then none is kept any more. */
    void writeTo(OutputStream out) throws IOException {
        open.values().stream()
                .sorted(Comparator.comparingLong(connection -> connection.lastNanos))
                .forEach(this::end);
        open.clear();
        ended.clear();
        List<Connection> slowest = new ArrayList<>(kept);
        slowest.sort(Comparator.comparingLong(connection -> connection.beganNanos));
        for (Connection each : slowest) {
            each.blocks.writeTo(out);
        }
    }
}
