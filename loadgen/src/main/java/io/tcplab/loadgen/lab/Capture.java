package io.tcplab.loadgen.lab;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.cable.CapturedPackets;
import io.tcplab.kernel.cable.DropReason;
import io.tcplab.kernel.cable.Segment;
import io.tcplab.kernel.syscall.Syscalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The first TCP segments between the two hosts: on a cable of ours as it takes them, with those that it loses; else at the server's end
 * (packet(7)), for reading, never for counting a flood, because such a capture loses packets in bursts. One thread writes, any thread
 * reads.
 */
final class Capture implements CapturedPackets, AutoCloseable {
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    private static final int ETH_P_ALL_BIG_ENDIAN = 0x0300;
    /** An offloaded segment is as long as an IPv4 packet can be. */
    private static final int MOST_BYTES = 14 + 65_535;

    private static final int MOST = 600;
    private static final int REST_MILLIS = 1_000;
    private static final int IN_DIAGRAM = 40;

    private final Journal journal;
    private final int clientAddress;
    private final List<Seen> segments = new ArrayList<>();
    private int fd = -1;
    private @Nullable Thread reader;

    // The reader reads it between two polls; close() writes it.
    private volatile boolean closed;

    // Whoever takes a frame, the reader or the cable, reads it after that; whoever asks for a file writes it.
    private volatile @Nullable CapturedPackets file;

    private Capture(Journal journal, int clientAddress) {
        this.journal = journal;
        this.clientAddress = clientAddress;
    }

    /** A segment, and whether the cable lost it. */
    private record Seen(Segment segment, boolean lost) {}

    /** One that a cable hands its packets to. */
    static Capture ofCable(Journal journal, int clientAddress) {
        return new Capture(journal, clientAddress);
    }

    /** Begins; call it inside the server's namespace. Where packet sockets are refused, nothing is ever seen. */
    static Capture begin(Journal journal, int clientAddress) {
        Capture capture = new Capture(journal, clientAddress);
        capture.fd = Syscalls.socket(AF_PACKET, SOCK_RAW | Syscalls.CLOEXEC, ETH_P_ALL_BIG_ENDIAN);
        if (capture.fd >= 0) {
            capture.reader =
                    Thread.ofPlatform().daemon(true).name("lab-capture").start(capture::read);
        }
        return capture;
    }

    private void read() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(MOST_BYTES);
            while (!closed && (file != null || size() < MOST)) {
                if (Syscalls.poll(fd, 1, 50) > 0) {
                    long length = Syscalls.recv(fd, buffer, 0);
                    if (length > 0) {
                        segment(buffer, 0, length).ifPresent(each -> took(each, buffer, (int) length));
                    }
                }
            }
        }
        int _ = Syscalls.close(fd);
    }

    private Optional<Segment> segment(MemorySegment memory, long at, long length) {
        ByteBuffer frame = memory.asSlice(at, length).asByteBuffer().order(ByteOrder.BIG_ENDIAN);
        return Segment.ofFrame(frame, journal.seconds());
    }

    @Override
    public void take(
            Side from, long realNanos, MemorySegment memory, long at, int length, @Nullable DropReason dropped) {
        if (size() < MOST) {
            segment(memory, at, length).ifPresent(each -> add(each, dropped != null));
        }
        CapturedPackets into = file;
        if (into != null) {
            into.take(from, realNanos, memory, at, length, dropped);
        }
    }

    @Override
    public void counted() {
        CapturedPackets into = file;
        if (into != null) {
            into.counted();
        }
    }

    private void took(Segment segment, MemorySegment buffer, int length) {
        add(segment, false);
        CapturedPackets into = file;
        if (into != null) {
            Instant now = Instant.now();
            long realNanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
            into.take(fromClient(segment) ? Side.CLIENT : Side.SERVER, realNanos, buffer, 0, length, null);
        }
    }

    /** Hands every segment to this as well, from now on. */
    void into(CapturedPackets packets) {
        file = packets;
    }

    private synchronized void add(Segment segment, boolean lost) {
        if (segments.size() < MOST) {
            segments.add(new Seen(segment, lost));
        }
    }

    private synchronized int size() {
        return segments.size();
    }

    /** Those seen so far that match. */
    synchronized List<Segment> matching(Predicate<Segment> wanted) {
        return segments.stream().map(Seen::segment).filter(wanted).toList();
    }

    boolean fromClient(Segment segment) {
        return segment.source() == clientAddress;
    }

    /** The first ones as lines of a sequence diagram. */
    synchronized List<String> diagram() {
        Map<String, Long> starts = new HashMap<>();
        List<String> lines = new ArrayList<>();
        for (Seen seen : segments) {
            Segment each = seen.segment();
            if (lines.size() == IN_DIAGRAM) {
                lines.add("           … and more");
                break;
            }
            long own = starts.merge(
                    each.sourcePort() + ">" + each.destinationPort(),
                    each.sequence(),
                    (a, b) -> each.has(Segment.SYN) ? b : a);
            long peer = starts.computeIfAbsent(
                    each.destinationPort() + ">" + each.sourcePort(), _ -> each.acknowledgement());
            if (!each.has(Segment.ACK)) {
                starts.remove(each.destinationPort() + ">" + each.sourcePort());
            }
            lines.add(each.line(fromClient(each), own, peer) + (seen.lost() ? "  ✗ lost" : ""));
        }
        return lines;
    }

    /** Returns once nothing more is handed to anybody. */
    @Override
    public void close() {
        closed = true;
        Thread reading = reader;
        if (reading == null) {
            return;
        }
        try {
            reading.join(REST_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
