package io.tcplab.loadgen.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a killed generator leaves, by the next one's hand. */
@Timeout(20)
class UnsentResultTest {

    private static Path leftBy(String name) throws Exception {
        Path directory = Files.createTempDirectory("tcplab-join-" + name);
        Files.writeString(directory.resolve("summary.json"), "{}");
        return directory;
    }

    @Test
    void theNextGeneratorRemovesWhatAKilledOneLeft() throws Exception {
        Path dead = leftBy("dead");
        Files.createFile(dead.resolve(".in-use"));
        try (UnsentResult next = UnsentResult.create()) {
            assertThat(dead).doesNotExist();
            assertThat(next.path()).isDirectory();
        }
    }

    @Test
    void oneThatIsInUseOrJustBeingMadeStays() throws Exception {
        Path made = leftBy("made");
        Path used = leftBy("used");
        try (FileChannel channel = FileChannel.open(
                        used.resolve(".in-use"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                FileLock _ = channel.lock();
                UnsentResult first = UnsentResult.create();
                UnsentResult second = UnsentResult.create()) {
            assertThat(made).isDirectory();
            assertThat(used.resolve("summary.json")).exists();
            assertThat(first.path()).isDirectory().isNotEqualTo(second.path());
        } finally {
            Files.delete(made.resolve("summary.json"));
            Files.delete(made);
            Files.delete(used.resolve("summary.json"));
            Files.delete(used.resolve(".in-use"));
            Files.delete(used);
        }
    }

    /** Several generators begin at once on one host: none is to take another one's directory for that of a dead one. */
    @Test
    void nobodySeesOneThatCouldBeTaken(@TempDir Path temporary) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Boolean> taken = CompletableFuture.supplyAsync(() -> {
            boolean found = false;
            while (!over.get() && !found) {
                found = hasOneThatCanBeTaken(temporary);
            }
            return found;
        });
        for (int i = 0; i < 2_000 && !taken.isDone(); i++) {
            try (UnsentResult result = UnsentResult.create(temporary)) {
                assertThat(result.path()).isDirectory();
            }
        }
        over.set(true);
        assertThat(taken.get(10, TimeUnit.SECONDS)).isFalse();
    }

    private static boolean hasOneThatCanBeTaken(Path directory) {
        try (Stream<Path> all = Files.list(directory)) {
            return all.anyMatch(each -> canBeTaken(each.resolve(".in-use")));
        } catch (IOException | UncheckedIOException _) {
            return false; // it has gone
        }
    }

    private static boolean canBeTaken(Path inUse) {
        try (FileChannel channel = FileChannel.open(inUse, StandardOpenOption.WRITE)) {
            // One that has been sent is free when its file has gone.
            return channel.tryLock() != null && Files.exists(inUse);
        } catch (IOException | OverlappingFileLockException _) {
            return false;
        }
    }

    @Test
    void itGoesWhenItIsSent() throws Exception {
        Path path;
        try (UnsentResult result = UnsentResult.create()) {
            path = result.path();
            Files.createDirectory(path.resolve("below"));
            Files.writeString(path.resolve("below").resolve("file"), "");
        }
        assertThat(path).doesNotExist();
    }
}
