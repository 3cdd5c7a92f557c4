package io.tcplab.kernel.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A process whose control group is frozen, as by docker pause, counts as stopped. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class FreezerIT {

    @ParameterizedTest
    @CsvSource({
        "6:cpu:/other 4:freezer:/docker/a, freezer/docker/a/freezer.state, FROZEN",
        "4:freezer:/docker/a, freezer/docker/a/freezer.state, FREEZING",
        "0::/system.slice/docker-a.scope, system.slice/docker-a.scope/cgroup.events, frozen 1",
        "0::/a, unified/a/cgroup.events, frozen 1"
    })
    void aFrozenGroupIsFoundInEitherVersion(String lines, String file, String text, @TempDir Path groups)
            throws Exception {
        Path said = groups.resolve(file);
        Files.createDirectories(said.getParent());
        Files.writeString(said, text + "\n");
        assertThat(Freezer.holds(List.of(lines.split(" ", -1)), groups)).isTrue();
        Files.writeString(said, text.startsWith("frozen") ? "populated 1\nfrozen 0\n" : "THAWED\n");
        assertThat(Freezer.holds(List.of(lines.split(" ", -1)), groups)).isFalse();
    }

    @Test
    void aProcessOfAFrozenGroupIsStoppedUntilItThaws() throws Exception {
        Path group = Path.of(
                "/sys/fs/cgroup/freezer", "tcplab-" + ProcessHandle.current().pid());
        assumeThat(Files.isWritable(group.getParent()))
                .as("cgroup v1 with a freezer, and root")
                .isTrue();
        Files.createDirectory(group);
        Process process = new ProcessBuilder("sleep", "60").start();
        try {
            Files.writeString(group.resolve("cgroup.procs"), Long.toString(process.pid()));
            assertThat(stopped(process)).isZero();
            set(group, "FROZEN");
            assertThat(stopped(process)).isOne();
            set(group, "THAWED");
            assertThat(stopped(process)).isZero();
        } finally {
            set(group, "THAWED"); // a frozen process does not end
            process.destroyForcibly().waitFor();
            Files.deleteIfExists(group);
        }
    }

    private static int stopped(Process process) {
        return SocketOwner.of(List.of(process.pid())).orElseThrow().stopped();
    }

    private static void set(Path group, String state) throws IOException {
        Files.writeString(group.resolve("freezer.state"), state);
    }
}
