package io.tcplab.loadgen.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A lead whose name exists only when its container does. */
@Timeout(60)
class LeadByNameIT {

    /** The JDK keeps a failure for 10 s unless it is asked not to. */
    private static final long LESS_THAN_THE_JDK_KEEPS_SECONDS = 7;

    @TempDir
    private Path home;

    @Test
    void aNameThatDoesNotExistYetIsLookedUpAgainSoon() throws Exception {
        Path hosts = home.resolve("hosts");
        assertThat(new ProcessBuilder("mkfifo", hosts.toString()).start().waitFor())
                .isZero();
        Process join = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Djdk.net.hosts.file=" + hosts,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.tcplab.loadgen.cli.Tcplab",
                        "join",
                        "lead.example:9200",
                        "--token",
                        Fleet.SECRET)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("join.log").toFile())
                .start();
        try {
            lookUp(hosts).get(40, TimeUnit.SECONDS);
            TimeUnit.SECONDS.sleep(1); // until that reader has gone
            lookUp(hosts).get(LESS_THAN_THE_JDK_KEEPS_SECONDS, TimeUnit.SECONDS);
        } finally {
            join.destroyForcibly();
            try (RandomAccessFile both = new RandomAccessFile(hosts.toFile(), "rw")) {
                assertThat(both.getFD().valid()).isTrue(); // whoever still waits for a reader has one
            }
        }
    }

    /** Completes when the name was looked up, in vain: to open a pipe takes a reader, and nothing is written. */
    private static CompletableFuture<Void> lookUp(Path hosts) {
        return CompletableFuture.runAsync(() -> {
            try (OutputStream _ = Files.newOutputStream(hosts)) {
                // No names are in it.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
