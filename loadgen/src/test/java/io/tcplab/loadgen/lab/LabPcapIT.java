package io.tcplab.loadgen.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.cli.CommandLineAccess;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code lab show ID --pcap FILE}: what the page draws is in the file, over a veth pair and over a cable. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LabPcapIT {

    private static final int SECTION_HEADER = 0x0A0D0D0A;

    @TempDir
    private Path home;

    @ParameterizedTest
    @ValueSource(strings = {"H1", "D1"})
    void thePacketsOfAnExperimentAreWritten(String id) throws Exception {
        Assumptions.assumeTrue(
                Files.getOwner(Path.of("/proc/self")).getName().equals("root"),
                "needs root to make namespaces in a test");
        Path file = home.resolve("packets.pcapng");
        CommandLineAccess.Ran ran = CommandLineAccess.run(List.of("lab", "show", id, "--pcap", file.toString()));
        assertThat(ran.exitCode()).as(ran.stderr() + ran.stdout()).isZero();
        byte[] bytes = Files.readAllBytes(file);
        assertThat(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt())
                .isEqualTo(SECTION_HEADER);
        assertThat(bytes.length).isGreaterThan(3 * 54);
    }

    @Test
    void onlyOneExperimentIsWritten() {
        CommandLineAccess.Ran ran = CommandLineAccess.run(
                List.of("lab", "show", "all", "--pcap", home.resolve("none").toString()));
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.stderr()).contains("--pcap takes the packets of one experiment");
    }
}
