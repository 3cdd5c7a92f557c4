package io.tcplab.kernel;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file of /proc whole, again and again, through one descriptor: each reading from the start is written by the kernel anew
 * ({@code seq_read}, {@code fs/seq_file.c}), at a third of what opening it each time costs.
 *
 * <p>What it shows is settled by who opens it: /proc/thread-self/net is that thread's namespace for as long as this lives, whoever reads.
 * Used by one thread at a time. {@link ProcFile} is for reading once.
 */
public final class ProcReader implements AutoCloseable {
    private static final int FIRST_READ = 16 * 1024;

    private final Path path;

    /** Absent where there is no such file. */
    private final @Nullable RandomAccessFile file;

    private byte[] buffer = new byte[FIRST_READ];

    private ProcReader(Path path, @Nullable RandomAccessFile file) {
        this.path = path;
        this.file = file;
    }

    /** Opens {@code file}; throws UncheckedIOException if that cannot be. */
    public static ProcReader open(Path file) {
        try {
            return new ProcReader(file, new RandomAccessFile(file.toFile(), "r"));
        } catch (FileNotFoundException e) {
            throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** As {@link #open}; where this kernel, namespace or user has no such file, every reading is empty. */
    public static ProcReader openIfPresent(Path file) {
        try {
            return open(file);
        } catch (UncheckedIOException _) {
            return new ProcReader(file, null);
        }
    }

    /** What the file says now. Throws UncheckedIOException where it cannot be read any more. */
    public byte[] read() {
        if (file == null) {
            return new byte[0];
        }
        try {
            file.seek(0);
            int length = 0;
            int read;
            while ((read = file.read(buffer, length, buffer.length - length)) > 0) {
                length += read;
                if (length == buffer.length) {
                    buffer = Arrays.copyOf(buffer, 2 * length);
                }
            }
            return Arrays.copyOf(buffer, length);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
