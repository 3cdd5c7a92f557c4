package io.tcplab.loadgen.run;

import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.result.FileTrouble;
import io.tcplab.loadgen.result.ResultsDirectory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Finds the directory of a result: a new one, or the one that the user named, which must be nobody else's. */
public final class RunDirectory {

    /** Locked as long as the run lasts, which a killed process cannot outlast (fcntl(2)): of two runs of one directory one is refused. */
    private static final String TAKEN = ".lock";

    private static final Map<Path, FileChannel> HELD = new ConcurrentHashMap<>();

    private static final List<String> RESULTS =
            List.of(ResultsDirectory.SUMMARY, "compare.json", "tune.json", "limit.json", ResultsDirectory.GROUPS);

    private RunDirectory() {}

    /** Takes {@code out}, or makes a directory of its own for {@code name} below {@code root}. */
    public static ResultsDirectory of(@Nullable Path out, Path root, String name) throws CannotRun {
        try {
            if (out == null) {
                return ResultsDirectory.create(root, Instant.now(), name);
            }
            if (Files.exists(out) && !Files.isDirectory(out)) {
                throw notADirectory();
            }
            ResultsDirectory directory = ResultsDirectory.at(out);
            take(directory);
            return directory;
        } catch (IOException e) {
            throw notCreated(e);
        }
    }

    /** Throws where {@link #of} would because of what is there already, for whoever has to wait long before that. */
    public static void check(@Nullable Path out) throws CannotRun {
        if (out != null) {
            refuseResult(out);
            if (Files.exists(out) && !Files.isDirectory(out)) {
                throw notCreated(notADirectory());
            }
        }
    }

    private static void refuseResult(Path out) {
        for (String result : RESULTS) {
            if (Files.exists(out.resolve(result))) {
                throw new BadUsage("--out " + out + " already contains a result (" + result
                        + "): choose another directory, or remove it.");
            }
        }
    }

    private static IOException notADirectory() {
        return new NotDirectoryException("a file of this name exists");
    }

    private static CannotRun notCreated(IOException e) {
        return new CannotRun(
                "The results directory cannot be created: " + FileTrouble.of(e) + "; choose another place with --out.",
                e);
    }

    private static void take(ResultsDirectory directory) throws IOException {
        refuseResult(directory.path());
        Path file = directory.file(TAKEN);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!isLocked(channel)) {
            channel.close();
            throw new BadUsage("Another run is writing to --out " + directory.path() + ": choose another directory.");
        }
        HELD.put(directory.path(), channel);
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException _) {
            return false;
        }
    }

    /** The directory has its result, by which {@link #take} refuses it from now on. */
    public static void release(Path directory) {
        FileChannel channel = HELD.remove(directory);
        if (channel == null) {
            return;
        }
        try (channel) {
            boolean _ = Files.deleteIfExists(directory.resolve(TAKEN));
        } catch (IOException _) {
            // It stays beside the result, unlocked.
        }
    }
}
