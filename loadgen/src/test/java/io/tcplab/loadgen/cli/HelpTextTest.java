package io.tcplab.loadgen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class HelpTextTest {

    private static final Path KEPT = Path.of("src/main/resources/io/tcplab/loadgen/cli", Tcplab.HELP);

    /** {@code -Dtcplab.refresh=true} writes it. */
    @Test
    void helpThatIsKeptReadyIsWhatTheCommandsSay() throws IOException {
        String said = Tcplab.commandLine().setUsageHelpAutoWidth(false).getUsageMessage();
        if (Boolean.getBoolean("tcplab.refresh")) {
            Files.writeString(KEPT, said);
        }
        assertThat(Files.readString(KEPT)).as("-Dtcplab.refresh=true writes it").isEqualTo(said);
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
        assertThat(new String(launcher.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(Files.readString(KEPT));
    }
}
