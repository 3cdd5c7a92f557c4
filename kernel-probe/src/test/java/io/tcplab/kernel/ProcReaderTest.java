package io.tcplab.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class ProcReaderTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16 * 1024 - 1, 16 * 1024, 16 * 1024 + 1, 100_000})
    void eachReadingIsWholeAndNew(int length) throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x".repeat(length));
        try (ProcReader reader = ProcReader.open(file)) {
            assertThat(reader.read()).hasSize(length);
            Files.writeString(file, "y");
            assertThat(reader.read()).containsExactly('y');
            Files.writeString(file, "z".repeat(length + 1));
            assertThat(reader.read()).hasSize(length + 1).containsOnly('z');
        }
    }

    @Test
    void aFileThatTheKernelWritesIsReadAnew() {
        Path file = Path.of("/proc/self/net/snmp");
        try (ProcReader reader = ProcReader.open(file)) {
            String first = new String(reader.read(), StandardCharsets.ISO_8859_1);
            String second = new String(reader.read(), StandardCharsets.ISO_8859_1);
            assertThat(second.lines().count()).isEqualTo(first.lines().count());
            assertThat(second).startsWith("Ip: ");
        }
    }

    @Test
    void absentFileIsEmptyOrNamed() {
        Path absent = directory.resolve("absent");
        assertThatThrownBy(() -> ProcReader.open(absent))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(absent.toString());
        try (ProcReader reader = ProcReader.openIfPresent(absent)) {
            assertThat(reader.read()).isEmpty();
        }
    }
}
