package io.tcplab.loadgen.inspect;

import io.tcplab.kernel.cable.Segment;
import io.tcplab.kernel.syscall.Syscalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The first TCP segments of each connection in the namespace of the clients (packet(7)): to be read by people, not to be counted. A thread
 * of its own reads them, any thread may ask.
 */
final class WireLog implements AutoCloseable {

    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    private static final int ETH_P_ALL_BIG_ENDIAN = 0x0300;
    private static final int SOL_PACKET = 263;
    private static final int PACKET_IGNORE_OUTGOING = 23;
    private static final int SNAP_BYTES = 256;
    private static final int LOOK_MILLIS = 50;
    private static final int REST_MILLIS = 1_000;

    /** Of one connection, and of one port that is used again. */
    private static final int MOST_OF_ONE = 48;

    private static final int MOST_PORTS = 8_192;
    private static final int SHOWN_OF_ONE = 16;
    private static final int SHOWN = 64;

    private final int serverPort;
    private final int fd;
    private final long beganNanos = System.nanoTime();
    private final Map<Integer, List<Segment>> byPort = new HashMap<>();
    private final Thread reader;

    // The reader reads it between two polls; close() writes it.
    private volatile boolean closed;

    private WireLog(int serverPort, int fd) {
        this.serverPort = serverPort;
        this.fd = fd;
        this.reader = Thread.ofPlatform().daemon(true).name("inspect-wire").unstarted(this::read);
    }

    /**
     * Begins, in the calling thread's namespace; where packet sockets are refused, nothing is ever seen.
     *
     * @param loopback whether client and server are one namespace, in which each segment would be seen leaving and arriving
     */
    static WireLog begin(int serverPort, boolean loopback) {
        WireLog log =
                new WireLog(serverPort, Syscalls.socket(AF_PACKET, SOCK_RAW | Syscalls.CLOEXEC, ETH_P_ALL_BIG_ENDIAN));
        if (log.fd >= 0) {
            if (loopback) {
                try (Arena arena = Arena.ofConfined()) {
                    int _ = Syscalls.setsockopt(
                            log.fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, arena.allocateFrom(ValueLayout.JAVA_INT, 1));
                }
            }
            log.reader.start();
        }
        return log;
    }

    private void read() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(SNAP_BYTES);
            while (!closed) {
                long length = Syscalls.poll(fd, 1, LOOK_MILLIS) > 0 ? Syscalls.recv(fd, buffer, 0) : 0;
                if (length > 0) {
                    ByteBuffer frame = buffer.asSlice(0, length).asByteBuffer().order(ByteOrder.BIG_ENDIAN);
                    Segment.ofFrame(frame, (System.nanoTime() - beganNanos) / 1e9)
                            .ifPresent(this::add);
                }
            }
        }
        int _ = Syscalls.close(fd);
    }

    private synchronized void add(Segment segment) {
        boolean toServer = segment.destinationPort() == serverPort;
        if (!toServer && segment.sourcePort() != serverPort) {
            return;
        }
        int client = toServer ? segment.sourcePort() : segment.destinationPort();
        if (byPort.size() >= MOST_PORTS && !byPort.containsKey(client)) {
            return;
        }
        List<Segment> own = byPort.computeIfAbsent(client, _ -> new ArrayList<>());
        if (own.size() == MOST_OF_ONE && toServer && segment.flags() == Segment.SYN) {
            own.clear();
        }
        if (own.size() < MOST_OF_ONE) {
            own.add(segment);
        }
    }

    /** Sequence diagrams of these connections, with seconds since this moment (System.nanoTime); empty where nothing was seen. */
    synchronized List<String> lines(List<Integer> clientPorts, long sinceNanos) {
        List<String> lines = new ArrayList<>();
        double since = (sinceNanos - beganNanos) / 1e9;
        int shown = 0;
        for (int port : clientPorts) {
            List<Segment> own = byPort.getOrDefault(port, List.of()).stream()
                    .filter(each -> each.atSeconds() >= since)
                    .map(each -> each.seenAt(each.atSeconds() - since))
                    .toList();
            if (own.isEmpty()) {
                continue;
            }
            if (lines.size() >= SHOWN) {
                lines.add("… and those of " + (clientPorts.size() - shown) + " more connections");
                return lines;
            }
            shown++;
            lines.add("client port " + port);
            diagram(own, lines);
        }
        return lines;
    }

    private void diagram(List<Segment> own, List<String> lines) {
        boolean[] known = new boolean[2];
        long[] start = new long[2];
        for (Segment each : own.subList(0, Math.min(SHOWN_OF_ONE, own.size()))) {
            int side = each.destinationPort() == serverPort ? 0 : 1;
            if (!known[side] || each.has(Segment.SYN)) {
                known[side] = true;
                start[side] = each.sequence();
            }
            if (!known[1 - side] && each.has(Segment.ACK)) {
                known[1 - side] = true;
                start[1 - side] = each.acknowledgement();
            }
            lines.add(each.line(side == 0, start[side], start[1 - side]));
        }
        if (own.size() > SHOWN_OF_ONE) {
            lines.add("           … and more");
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            reader.join(REST_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
