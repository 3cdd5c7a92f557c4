package io.tcplab.loadgen.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.cable.CableSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a cable has to do before and after a change. */
class NetworkTest {

    @TempDir
    private Path home;

    /** What the cable does once the action has changed the network. */
    private CableSettings changed(String network, String action) throws IOException {
        Profile profile = ProfileReader.read(
                Files.writeString(home.resolve("profile.yaml"), """
                        duration: 1s
                        load: {open: {rate: 10/s}}
                        mix: [{name: a}]
                        network: {%s}
                        actions: [{at: 0s, network: {%s}}]
                        """.formatted(network, action)), List.of());
        Action.Change change = (Action.Change) profile.actions().getFirst().deed();
        return change.network().over(profile.path()).settings();
    }

    @Test
    void aChangeOfBothDirectionsHoldsWhereOneHadAValueOfItsOwn() throws Exception {
        CableSettings cut = changed("rtt: 20ms, server: {loss: 1%, delay: 15ms}", "loss: 100%");
        assertThat(cut.fromClient().loss()).isEqualTo(1);
        assertThat(cut.fromServer().loss()).isEqualTo(1);
        assertThat(cut.fromServer().delayNanos()).isEqualTo(15_000_000);
        assertThat(cut.fromClient().delayNanos()).isEqualTo(10_000_000);
        CableSettings far = changed("client: {delay: 5ms, rate: 1mbit}", "rtt: 200ms, rate: 10mbit");
        assertThat(far.fromClient().delayNanos()).isEqualTo(100_000_000);
        assertThat(far.fromServer().delayNanos()).isEqualTo(100_000_000);
        assertThat(far.fromClient().bitsPerSecond()).isEqualTo(10_000_000);
    }

    @Test
    void aChangeOfOneDirectionLeavesTheOtherAsItIs() throws Exception {
        CableSettings settings = changed("rtt: 20ms, loss: 1%, server: {loss: 2%}", "loss: 50%, client: {loss: 0%}");
        assertThat(settings.fromClient().loss()).isZero();
        assertThat(settings.fromServer().loss()).isEqualTo(0.5);
        settings = changed("rtt: 20ms, loss: 1%, server: {loss: 2%}", "client: {loss: 50%}");
        assertThat(settings.fromClient().loss()).isEqualTo(0.5);
        assertThat(settings.fromServer().loss()).isEqualTo(0.02);
    }
}
