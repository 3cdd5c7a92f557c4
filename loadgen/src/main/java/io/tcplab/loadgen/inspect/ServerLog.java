package io.tcplab.loadgen.inspect;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a server writes to its log from now on: its standard output and error where they are files, and files that it has open and whose
 * name speaks of a log. They are held open, so that what it wrote before it died is still read.
 */
final class ServerLog implements AutoCloseable {

    private static final int MOST_FILES = 8;
    private static final int MOST_LOOKED = 512;
    private static final int MOST_BYTES = 1 << 20;

    private record Source(String name, FileChannel file, long from) {}

    private final List<Source> files = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private @Nullable Supplier<List<String>> stream;
    private @Nullable ServerLog further;

    private ServerLog() {}

    /** Of the process with this id; what may not be read is left out. */
    static ServerLog of(long pid) {
        ServerLog log = new ServerLog();
        int looked = 0;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (Path each : all) {
                if (looked++ < MOST_LOOKED && log.files.size() < MOST_FILES) {
                    log.take(each);
                }
            }
        } catch (IOException | DirectoryIteratorException _) {
            // Another user's process, or one that has ended: there is no log to read.
        }
        return log;
    }

    /** What somebody else has of it, in lines. */
    static ServerLog of(String name, Supplier<List<String>> lines) {
        ServerLog log = new ServerLog();
        log.names.add(name);
        log.stream = lines;
        return log;
    }

    /** Both. */
    ServerLog and(@Nullable ServerLog other) {
        further = other;
        return this;
    }

    private void take(Path descriptor) {
        String number = descriptor.getFileName().toString();
        String name;
        try {
            name = Files.readSymbolicLink(descriptor).toString();
            boolean standard = number.equals("1") || number.equals("2");
            boolean speaks = name.endsWith(".log") || name.contains("error") || name.contains("/log/");
            if ((!standard && !speaks) || !Files.isRegularFile(descriptor) || names.contains(name)) {
                return;
            }
        } catch (IOException _) {
            return;
        }
        try {
            FileChannel file = FileChannel.open(descriptor);
            files.add(new Source(name, file, file.size()));
            names.add(name);
        } catch (IOException _) {
            // Of another user: left out.
        }
    }

    /** Where it was read. */
    List<String> names() {
        List<String> all = new ArrayList<>(names);
        if (further != null) {
            all.addAll(further.names());
        }
        return all;
    }

    /** The lines that have been written since, of each file the first megabyte. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Source each : files) {
            ByteBuffer bytes = ByteBuffer.allocate(MOST_BYTES);
            try {
                int read = each.file.read(bytes, Math.min(each.from, each.file.size()));
                if (read > 0) {
                    new String(bytes.array(), 0, read, StandardCharsets.ISO_8859_1)
                            .lines()
                            .forEach(lines::add);
                }
            } catch (IOException _) {
                // Not to be read any more.
            }
        }
        Supplier<List<String>> own = stream;
        if (own != null) {
            lines.addAll(own.get());
        }
        if (further != null) {
            lines.addAll(further.lines());
        }
        return lines;
    }

    @Override
    public void close() {
        for (Source each : files) {
            try {
                each.file.close();
            } catch (IOException _) {
                // It was only read.
            }
        }
        if (further != null) {
            further.close();
        }
    }
}
