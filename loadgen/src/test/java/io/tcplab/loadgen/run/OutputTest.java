package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.loadgen.plan.CannotRun;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that an option names. */
@Timeout(30)
class OutputTest {

    @TempDir
    private Path home;

    @Test
    void theDirectoriesThatItLacksAreMade() throws Exception {
        Path file = home.resolve("reports/of/today/gate.xml");
        Output.writeFile(file, () -> "<x/>");
        assertThat(file).hasContent("<x/>");
        assertThat(file.getParent())
                .satisfies(each -> assertThat(each.toFile().list()).containsExactly("gate.xml"));
    }

    @Test
    void aLinkIsStillALink() throws Exception {
        Path file = Files.writeString(home.resolve("page"), "old");
        Path link = Files.createSymbolicLink(home.resolve("link"), file);
        Output.writeFile(link, () -> "new");
        assertThat(link).isSymbolicLink();
        assertThat(file).hasContent("new");
    }

    @Test
    void aDeviceIsWrittenTo() throws Exception {
        Output.writeFile(Path.of("/dev/null"), () -> "nothing");
        assertThat(Path.of("/dev/null"))
                .satisfies(each -> assertThat(Files.isRegularFile(each)).isFalse());
    }

    @Test
    void aPlaceThatCannotBeWrittenIsSaidWithItsReason() throws Exception {
        Path file = Files.writeString(home.resolve("file"), "");
        assertThatThrownBy(() -> Output.writeFile(file.resolve("gate.xml"), () -> "x"))
                .isInstanceOf(CannotRun.class)
                .hasMessageStartingWith("The file " + file.resolve("gate.xml") + " cannot be written: ")
                .hasMessageContaining("file is a file, not a directory");
    }
}
