package io.tcplab.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class ProcFileTest {
    @TempDir
    Path directory;

    @Test
    void settingsAreReadWhole() {
        assertThat(ProcFile.read(Path.of("/proc/sys/kernel/osrelease")).strip())
                .isEqualTo(System.getProperty("os.version"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16 * 1024 - 1, 16 * 1024, 16 * 1024 + 1, 100_000})
    void anyLengthIsReadWhole(int length) throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x".repeat(length));
        assertThat(ProcFile.read(file)).hasSize(length);
        assertThat(ProcFile.bytes(file)).hasSize(length);
    }

    @Test
    void longListOfTheKernelIsReadWhole() {
        assertThat(ProcFile.lines(Path.of("/proc/kallsyms"))).hasSizeGreaterThan(1000);
        assertThat(ProcFile.lines(Path.of("/proc/kallsyms")).getLast()).isNotBlank();
    }

    @Test
    void absentFileIsEmptyOrNamed() {
        Path absent = directory.resolve("absent");
        assertThat(ProcFile.readIfPresent(absent)).isEmpty();
        assertThat(ProcFile.linesIfPresent(absent)).isEmpty();
        assertThatThrownBy(() -> ProcFile.read(absent))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(absent.toString());
    }

    @Test
    void directoryIsNoFile() {
        assertThat(ProcFile.readIfPresent(directory)).isEmpty();
    }
}
