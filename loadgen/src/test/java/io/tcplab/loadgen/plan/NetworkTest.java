package io.tcplab.loadgen.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.cable.CableSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    private String faultOf(String network, String actions) throws IOException {
        Path file = Files.writeString(home.resolve("bursts.yaml"), """
                duration: 1s
                load: {open: {rate: 10/s}}
                mix: [{name: a}]
                network: {%s}
                actions: [%s]
                """.formatted(network, actions));
        try {
            Profile _ = ProfileReader.read(file, List.of());
            return "";
        } catch (ProfileError e) {
            return e.getMessage();
        }
    }

    /** Two packets are lost in a row and one arrives: two thirds of them are the most. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "loss: 80%, lossBurst: 2",
                "lossBurst: 2, client: {loss: 80%}",
                "loss: 80%, server: {lossBurst: 2}"
            })
    void aLossThatBurstsOfThatLengthCannotReachIsRefused(String network) throws Exception {
        assertThat(faultOf(network, ""))
                .contains(
                        "bursts.yaml:4:10: network: a loss of 80% cannot come in bursts of 2 packets on average",
                        "at most 66.6% can be lost; set lossBurst to 4 or more, or leave it out");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "loss: 50%, lossBurst: 1.000001",
                "loss: 75%, lossBurst: 3",
                "loss: 80%, lossBurst: 4",
                "loss: 90%, lossBurst: 9",
                "loss: 90%",
                "loss: 90%, lossBurst: 1",
                "loss: 100%, lossBurst: 2"
            })
    void aLossThatIsPossibleIsNot(String network) throws Exception {
        assertThat(faultOf(network, "")).isEmpty();
    }

    @Test
    void whatAChangeLeavesHasToGoWithItToo() throws Exception {
        assertThat(faultOf("lossBurst: 2", "{at: 200ms, network: {loss: 80%}}"))
                .contains("actions: from 200ms on, a loss of 80% cannot come in bursts of 2 packets");
        assertThat(faultOf("", "{at: 200ms, network: {loss: 80%}}, {at: 300ms, network: {lossBurst: 2}}"))
                .contains("actions: from 300ms on, ");
        String changedBack =
                "{at: 100ms, network: {loss: 80%, lossBurst: 4}}, {at: 200ms, network: {loss: 10%}, for: 100ms}";
        assertThat(faultOf("", changedBack)).isEmpty();
        assertThat(faultOf("", changedBack + ", {at: 250ms, network: {lossBurst: 2}}"))
                .contains("actions: from 300ms on, ");
        assertThat(faultOf("lossBurst: 2", "{at: 200ms, network: {loss: 100%}, for: 10ms}"))
                .isEmpty();
    }

    @Test
    void aBurstHasOnePacketAtLeast() throws Exception {
        assertThat(faultOf("lossBurst: 0.5", "")).contains("network.lossBurst: must be 1 or more");
    }
}
