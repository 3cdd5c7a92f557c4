package io.tcplab.loadgen.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long a lead waits for its generators. */
class LeadableProfileTest {

    @TempDir
    private Path home;

    private Profile profile(String more) throws IOException {
        String yaml = "duration: 1s\nload: {open: {rate: 10/s}}\nmix: [{name: a}]\n" + more;
        return ProfileReader.read(Files.writeString(home.resolve("profile.yaml"), yaml), List.of());
    }

    @Test
    void aServerThatGeneratorsStartHasItsWholeTimeToBeReady() throws Exception {
        long plain = LeadableProfile.mostToBeReadyNanos(profile(""));
        assertThat(plain).isEqualTo(TimeUnit.SECONDS.toNanos(90));
        Profile slow = profile("server: {command: [sleep, 1000], port: 8080, readyTimeout: 600s}\nprotocol: none\n");
        assertThat(LeadableProfile.mostToBeReadyNanos(slow)).isEqualTo(plain + TimeUnit.SECONDS.toNanos(600));
    }
}
