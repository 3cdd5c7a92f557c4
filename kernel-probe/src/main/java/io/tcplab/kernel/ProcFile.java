package io.tcplab.kernel;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Reads a file of /proc or /sys whole, once; {@link ProcReader} is for one that is read often. No other code does.
 *
 * <p>These files report a size of 0 (or of a page) and are written by the kernel while they are read: a reader that
 * trusts the size gets nothing or one character, and a file of /proc/sys must be taken in one read because the second
 * one finds the end (proc(5), {@code fs/proc/proc_sysctl.c}). Each call opens the file again, on the calling thread, so
 * that /proc/thread-self means that thread.
 */
public final class ProcFile {
    private ProcFile() {}

    /** The text of {@code file}, decoded as ISO-8859-1, which never fails. Throws UncheckedIOException if unreadable. */
    public static String read(Path file) {
        return new String(bytes(file), StandardCharsets.ISO_8859_1);
    }

    /** The bytes of {@code file}. Throws UncheckedIOException if unreadable. */
    public static byte[] bytes(Path file) {
        try (ProcReader reader = ProcReader.open(file)) {
            return reader.read();
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
            return Optional.of(bytes(file));
        } catch (UncheckedIOException _) {
            return Optional.empty();
        }
    }
}
