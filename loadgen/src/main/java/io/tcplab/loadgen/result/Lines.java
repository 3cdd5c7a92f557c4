package io.tcplab.loadgen.result;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a text file line by line in memory that does not grow with the file: one line of at most {@link #LONGEST} bytes at a time.
 * One thread.
 */
final class Lines implements Closeable {

    /** Far more than a histogram of every bucket takes; a longer line is no line of ours. */
    static final int LONGEST = 8 << 20;

    private final Path file;
    private final InputStream in;
    private byte[] buffer = new byte[1 << 16];
    private int from;
    private int to;
    private long number;

    Lines(Path file) throws IOException {
        this.file = file;
        this.in = Files.newInputStream(file);
    }

    /** The next line without its end; {@code null} behind the last. Throws when it is longer than {@link #LONGEST}. */
    @Nullable
    String next() throws IOException {
        int scanned = from;
        while (true) {
            for (; scanned < to; scanned++) {
                if (buffer[scanned] == '\n') {
                    return line(scanned, 1);
                }
            }
            int length = scanned - from;
            if (!fill()) {
                return length == 0 ? null : line(to, 0);
            }
            scanned = from + length;
        }
    }

    private String line(int end, int terminator) {
        number++;
        int last = end > from && buffer[end - 1] == '\r' ? end - 1 : end;
        String line = new String(buffer, from, last - from, StandardCharsets.UTF_8);
        from = end + terminator;
        return line;
    }

    private boolean fill() throws IOException {
        if (from > 0) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
        }
        if (to == buffer.length) {
            if (to >= LONGEST) {
                throw new IOException(file + " has a line of more than " + LONGEST + " bytes after line " + number);
            }
            buffer = Arrays.copyOf(buffer, 2 * to);
        }
        int read = in.read(buffer, to, buffer.length - to);
        to += Math.max(0, read);
        return read >= 0;
    }

    /** The number of the line that was read last, from 1. */
    long number() {
        return number;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
