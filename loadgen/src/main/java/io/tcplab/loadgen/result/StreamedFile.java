package io.tcplab.loadgen.result;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * A file that grows during a run under the name {@code .<name>.part} and takes its own name when it is closed, by rename(2): a reader
 * sees the whole file or none; where a write failed, as on a full disk, the part keeps its name. After a crash the part remains,
 * complete up to the last flush. One writer.
 */
public final class StreamedFile implements Closeable {

    private final Path file;
    private final Path part;
    private final FileOutputStream bytes;
    private final OutputStream buffered;
    private boolean closed;

    /** The first write that failed; volatile: rows are written by other threads than the one that closes. */
    private volatile @Nullable IOException failure;

    /** Remembers that a write failed, whoever was told of it. */
    private final class Noticing extends FilterOutputStream {
        Noticing(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            try {
                out.write(from, offset, length);
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }
    }

    private StreamedFile(Path file, Path part, FileOutputStream bytes) {
        this.file = file;
        this.part = part;
        this.bytes = bytes;
        this.buffered = new BufferedOutputStream(new Noticing(bytes), 1 << 16);
    }

    /** Begins a file that the user has named. */
    public static StreamedFile at(Path file) throws IOException {
        return create(file);
    }

    static StreamedFile create(Path file) throws IOException {
        Path part = file.resolveSibling("." + file.getFileName() + ".part");
        return new StreamedFile(file, part, new FileOutputStream(part.toFile()));
    }

    /** Where to write; flush it where a crash may lose no more. */
    public OutputStream stream() {
        return buffered;
    }

    /** Gives the file its own name. Closing again does nothing. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (bytes) {
            buffered.flush();
            bytes.getFD().sync();
        }
        IOException failed = failure;
        if (failed != null) {
            throw new IOException(file.getFileName() + ": " + failed.getMessage(), failed);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
