package io.tcplab.kernel.cable;

import io.tcplab.kernel.Side;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Writes what goes through a cable to a pcapng file: each packet at the time when its sender sent it, dropped ones with a comment that
 * says why. The cable's thread only copies; a thread of this object's writes. Where that is too slow packets are left out and counted.
 *
 * <p>The file has its name once it is closed, and is complete then.
 */
public final class Capture implements CapturedPackets, AutoCloseable {

    private static final int CHUNK_BYTES = 1 << 20;
    private static final int MOST_CHUNKS = 64;
    private static final int PATIENCE_MILLIS = 30_000;
    private static final Chunk END = new Chunk(0);

    private static final byte[][] COMMENTS = new byte[DropReason.values().length][];

    static {
        for (DropReason reason : DropReason.values()) {
            COMMENTS[reason.ordinal()] = Pcapng.comment(reason);
        }
    }

    private static final byte[] NO_COMMENT = Pcapng.comment(null);

    /** Blocks of packets, and how many. */
    private static final class Chunk {
        private final ByteBuffer bytes;
        private final MemorySegment memory;
        private int packets;

        Chunk(int size) {
            bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
            memory = MemorySegment.ofArray(bytes.array());
        }
    }

    private final Path file;
    private final Path part;
    private final @Nullable SlowConnections slow;
    private final ArrayBlockingQueue<Chunk> full = new ArrayBlockingQueue<>(MOST_CHUNKS);
    private final ArrayBlockingQueue<Chunk> free = new ArrayBlockingQueue<>(MOST_CHUNKS);
    private final ByteArrayOutputStream secrets = new ByteArrayOutputStream();
    private final OutputStream out;
    private final Thread writer;
    private Chunk chunk = new Chunk(CHUNK_BYTES);
    private boolean closed;

    /** By the cable's thread, and read when no packet may come any more: bytes of packets, and how many of them were counted. */
    private long takenBytes;

    private long countedBytes = -1;

    /** By the cable's thread; volatile: whoever closes reads it. */
    private volatile long lost;

    /** Set by the writer's thread; volatile: whoever closes must see it. */
    private volatile @Nullable IOException failure;

    /**
     * Begins a capture.
     *
     * @param file where it will be
     * @param slowest 0 = every packet; otherwise those of so many connections at most, the slowest of those that took longer than 99 % of
     *     all before them
     */
    public Capture(Path file, int slowest) throws IOException {
        this.file = file;
        this.part = file.resolveSibling("." + file.getFileName() + ".part");
        this.out = Files.newOutputStream(part);
        this.slow = slowest == 0 ? null : new SlowConnections(slowest);
        out.write(Pcapng.head());
        writer = Thread.ofPlatform().daemon(true).name("tcplab-capture").start(this::write);
    }

    @Override
    public void take(
            Side from, long realNanos, MemorySegment memory, long at, int length, @Nullable DropReason dropped) {
        byte[] comment = dropped == null ? NO_COMMENT : COMMENTS[dropped.ordinal()];
        int blockBytes = Pcapng.packetBytes(length, comment);
        if (chunk.bytes.remaining() < blockBytes) {
            handOver();
        }
        ByteBuffer into = chunk.bytes;
        Pcapng.packetHead(into, from, realNanos, length, blockBytes);
        MemorySegment.copy(memory, at, chunk.memory, into.position(), length);
        int padding = Pcapng.padded(length) - length;
        into.position(into.position() + length);
        for (int i = 0; i < padding; i++) {
            into.put((byte) 0);
        }
        into.put(comment).putInt(blockBytes);
        chunk.packets++;
        takenBytes += blockBytes;
    }

    @Override
    public void counted() {
        countedBytes = takenBytes;
    }

    private void handOver() {
        if (full.offer(chunk)) {
            Chunk next = free.poll();
            chunk = next == null ? new Chunk(CHUNK_BYTES) : next;
        } else {
            long before = lost; // one writer
            lost = before + chunk.packets;
            takenBytes -= chunk.bytes.position();
        }
        chunk.bytes.clear();
        chunk.packets = 0;
    }

    /** A line of a TLS key log, without its end. Any thread may call. */
    public void secret(byte[] line) {
        synchronized (secrets) {
            secrets.writeBytes(line);
            secrets.write('\n');
        }
    }

    private void write() {
        try {
            for (Chunk next = full.take(); next != END; next = full.take()) {
                write(next);
                boolean _ = free.offer(next);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(Chunk next) {
        if (failure != null) {
            return;
        }
        try {
            if (slow == null) {
                out.write(next.bytes.array(), 0, next.bytes.position());
            } else {
                slow.take(next.bytes.array(), next.bytes.position());
            }
        } catch (IOException e) {
            failure = e;
        } catch (RuntimeException | OutOfMemoryError e) {
            // Without this thread whoever closes would wait for ever.
            failure = new IOException(e.toString(), e);
        }
    }

    /** Packets that were left out because the disk was too slow. */
    public long lost() {
        return lost;
    }

    /** Writes the rest; no packet may come any more. Throws IOException with the first write that failed. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            full.put(chunk);
            full.put(END);
            writer.join(PATIENCE_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        try (out) {
            if (slow != null) {
                slow.writeTo(out);
            }
        }
        IOException failed = failure;
        if (failed != null) {
            throw new IOException(file + ": " + failed.getMessage(), failed);
        }
        if (slow == null && countedBytes >= 0) {
            leaveOutWhatWasNotCounted();
        }
        if (secrets.size() > 0) {
            putSecretsFirst();
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** A packet that came after the last count, such as a FIN that is sent again, is in no other figure of the result. */
    private void leaveOutWhatWasNotCounted() throws IOException {
        try (FileChannel written = FileChannel.open(part, StandardOpenOption.WRITE)) {
            FileChannel _ = written.truncate(Pcapng.head().length + countedBytes);
        }
    }

    /** A reader that goes through the file once needs the secrets before the packets. */
    private void putSecretsFirst() throws IOException {
        Path whole = file.resolveSibling("." + file.getFileName() + ".secrets.part");
        byte[] head = Pcapng.head();
        try (FileChannel from = FileChannel.open(part, StandardOpenOption.READ);
                FileChannel to = FileChannel.open(
                        whole,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            write(to, head);
            write(to, Pcapng.secrets(secrets.toByteArray()));
            long at = head.length;
            while (at < from.size()) {
                at += from.transferTo(at, from.size() - at, to);
            }
        }
        Files.move(whole, part, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void write(FileChannel to, byte[] bytes) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            int _ = to.write(left);
        }
    }
}
