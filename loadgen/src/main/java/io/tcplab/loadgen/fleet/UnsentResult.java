package io.tcplab.loadgen.fleet;

import io.tcplab.loadgen.plan.CannotRun;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Where a generator's result lies until it has been sent. A generator that is killed leaves its directory, and the next one on this host
 * removes it: the lock of one that lives cannot be had (fcntl(2)), whatever pid namespace it is in.
 */
final class UnsentResult implements AutoCloseable {

    private static final String PREFIX = "tcplab-join-";
    private static final String IN_USE = ".in-use";

    /** What {@link #IN_USE} is called until it is locked: others that look for it never see it free. */
    private static final String NEW = ".new";

    /** Those of this process, whose lock a second look would release (fcntl(2)). */
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel lock;

    private UnsentResult(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    static UnsentResult create() throws CannotRun {
        return create(Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** In this directory for temporary files. */
    static UnsentResult create(Path directory) throws CannotRun {
        try {
            Path path = Files.createTempDirectory(directory, PREFIX);
            OURS.add(path);
            removeOthers(directory);
            FileChannel lock =
                    FileChannel.open(path.resolve(NEW), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            lock.lock();
            Files.move(path.resolve(NEW), path.resolve(IN_USE), StandardCopyOption.ATOMIC_MOVE);
            return new UnsentResult(path, lock);
        } catch (IOException e) {
            throw new CannotRun(
                    "No temporary directory can be made: " + e.getMessage() + "; set TMPDIR or -Djava.io.tmpdir.", e);
        }
    }

    Path path() {
        return path;
    }

    private static void removeOthers(Path directory) {
        List<Path> found;
        try (Stream<Path> all = Files.list(directory)) {
            found = all.filter(each -> each.getFileName().toString().startsWith(PREFIX) && !OURS.contains(each))
                    .toList();
        } catch (IOException _) {
            return;
        }
        for (Path each : found) {
            // One without the file is just being made.
            try (FileChannel other = FileChannel.open(each.resolve(IN_USE), StandardOpenOption.WRITE)) {
                if (other.tryLock() != null) {
                    remove(each);
                }
            } catch (IOException | OverlappingFileLockException _) {
                // It is in use, another user's, or is removed at this moment by another generator.
            }
        }
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> below = Files.walk(directory)) {
            for (Path file : below.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Override
    public void close() {
        try (lock) {
            remove(path);
        } catch (IOException _) {
            // It stays in the directory for temporary files, until the next one begins.
        } finally {
            OURS.remove(path);
        }
    }
}
