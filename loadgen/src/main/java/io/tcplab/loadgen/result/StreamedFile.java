package io.tcplab.loadgen.result;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file that grows during a run under the name {@code .<name>.part} and takes its own name when it is closed, by rename(2): a reader
 * sees the whole file or none. After a crash the part remains, complete up to the last flush. One writer.
 */
public final class StreamedFile implements Closeable {

    private final Path file;
    private final Path part;
    private final FileOutputStream bytes;
    private final OutputStream buffered;
    private boolean closed;

    private StreamedFile(Path file, Path part, FileOutputStream bytes) {
        this.file = file;
        this.part = part;
        this.bytes = bytes;
        this.buffered = new BufferedOutputStream(bytes, 1 << 16);
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
        buffered.flush();
        bytes.getFD().sync();
        buffered.close();
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
