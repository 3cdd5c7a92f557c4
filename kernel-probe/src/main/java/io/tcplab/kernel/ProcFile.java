package io.tcplab.kernel;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads a file of /proc or /sys whole; the only code that does, beside {@link ProcReader} for one that is read often.
 *
 * <p>These files report a size of 0 (or of a page) and are written by the kernel while they are read: a reader that
 * trusts the size gets nothing or one character, and a file of /proc/sys must be taken in one read because the second
 * one finds the end (proc(5), {@code fs/proc/proc_sysctl.c}). Each call opens the file again, on the calling thread, so
 * that /proc/thread-self means that thread.
 */
public final class ProcFile {
    private static final int FIRST_READ = 16 * 1024;

    private ProcFile() {}

    /** The text of {@code file}, decoded as ISO-8859-1, which never fails. Throws UncheckedIOException if unreadable. */
    public static String read(Path file) {
        return new String(bytes(file), StandardCharsets.ISO_8859_1);
    }

    /** The bytes of {@code file}. Throws UncheckedIOException if unreadable. */
    public static byte[] bytes(Path file) {
        try {
            return readWhole(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** The lines of {@code file}, without their ends. Throws UncheckedIOException if unreadable. */
    public static List<String> lines(Path file) {
        return read(file).lines().toList();
    }

    /** The text of {@code file}, or empty where this kernel, namespace or user has no such file to read. */
    public static Optional<String> readIfPresent(Path file) {
        return bytesIfPresent(file).map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1));
    }

    /** The lines of {@code file}, or empty where this kernel, namespace or user has no such file to read. */
    public static Optional<List<String>> linesIfPresent(Path file) {
        return readIfPresent(file).map(text -> text.lines().toList());
    }

    private static Optional<byte[]> bytesIfPresent(Path file) {
        try {
            return Optional.of(readWhole(file));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static byte[] readWhole(Path file) throws IOException {
        try (FileInputStream in = open(file)) {
            byte[] buffer = new byte[FIRST_READ];
            int length = 0;
            int read;
            while ((read = in.read(buffer, length, buffer.length - length)) > 0) {
                length += read;
                if (length == buffer.length) {
                    buffer = Arrays.copyOf(buffer, 2 * length);
                }
            }
            return Arrays.copyOf(buffer, length);
        }
    }

    private static FileInputStream open(Path file) throws FileNotFoundException {
        return new FileInputStream(file.toFile());
    }
}
