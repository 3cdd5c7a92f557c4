package io.tcplab.loadgen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class HelpTextTest {

    @Test
    void helpThatIsKeptReadyIsWhatTheCommandsSay() throws IOException {
        try (InputStream kept = Tcplab.class.getResourceAsStream(Tcplab.HELP)) {
            assertThat(kept).isNotNull();
            assertThat(new String(kept.readAllBytes(), StandardCharsets.UTF_8))
                    .as("loadgen/src/main/resources/io/tcplab/loadgen/cli/" + Tcplab.HELP + " is to read")
                    .isEqualTo(Tcplab.commandLine().setUsageHelpAutoWidth(false).getUsageMessage());
        }
    }

    /** With nothing but cat(1) to call it can neither start nor build anything. */
    @Test
    void theLauncherPrintsItWithoutAJvm(@TempDir Path programs) throws IOException {
        Files.createSymbolicLink(programs.resolve("cat"), Path.of("/bin/cat"));
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of("..", "tcplab").toAbsolutePath().normalize().toString(), "--help")
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().put("PATH", programs.toString());
        Process launcher = builder.start();
        try (InputStream kept = Tcplab.class.getResourceAsStream(Tcplab.HELP)) {
            assertThat(kept).isNotNull();
            assertThat(launcher.getInputStream().readAllBytes()).isEqualTo(kept.readAllBytes());
        }
    }
}
