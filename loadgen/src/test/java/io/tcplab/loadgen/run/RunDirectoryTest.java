package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.loadgen.plan.CannotRun;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class RunDirectoryTest {

    @TempDir
    private Path home;

    @Test
    void aFinishedResultIsNeverMixedWithAnother() throws Exception {
        Path out = Files.createDirectory(home.resolve("finished"));
        Files.writeString(out.resolve("summary.json"), "{}");
        assertThatThrownBy(() -> RunDirectory.of(out, home, "name"))
                .isInstanceOf(BadUsage.class)
                .hasMessageContaining("already contains a result (summary.json)");
    }

    @Test
    void twoRunsDoNotShareADirectoryAndTheNextMayHaveItWhenTheFirstIsOver() throws Exception {
        Path out = home.resolve("shared");
        RunDirectory.of(out, home, "first");
        assertThatThrownBy(() -> RunDirectory.of(out, home, "second"))
                .isInstanceOf(BadUsage.class)
                .hasMessageContaining("Another run is writing");
        RunDirectory.release(out);
        assertThat(out).isEmptyDirectory();
        assertThat(RunDirectory.of(out, home, "third").path()).isEqualTo(out);
        RunDirectory.release(out);
    }

    @Test
    void aFileInThePlaceOfTheDirectoryIsSaid() throws Exception {
        Path file = Files.writeString(home.resolve("file"), "");
        assertThatThrownBy(() -> RunDirectory.of(file, home, "name"))
                .isInstanceOf(CannotRun.class)
                .hasMessageContaining("a file of this name exists");
    }

    @Test
    void aSearchThatHasFoundItsLimitIsAResultToo() throws Exception {
        Path out = Files.createDirectory(home.resolve("searched"));
        Files.writeString(out.resolve("limit.json"), "{}");
        assertThatThrownBy(() -> RunDirectory.of(out, home, "name"))
                .isInstanceOf(BadUsage.class)
                .hasMessageContaining("already contains a result (limit.json)");
    }

    @Test
    void aFileInThePlaceOfTheRootIsSaid() throws Exception {
        Path root = Files.writeString(home.resolve("results"), "");
        assertThatThrownBy(() -> RunDirectory.of(null, root, "name"))
                .isInstanceOf(CannotRun.class)
                .hasMessageContaining(root + " is a file, not a directory");
    }
}
