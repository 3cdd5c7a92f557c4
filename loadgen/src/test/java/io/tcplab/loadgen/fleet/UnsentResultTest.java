package io.tcplab.loadgen.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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
