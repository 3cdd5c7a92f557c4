package io.tcplab.loadgen.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.plan.Network;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileReader;
import io.tcplab.loadgen.plan.ProfileWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The cable costs CPU time that a veth pair does not: it lies in each round of a comparison, or in none. */
@Timeout(20)
class OnePathTest {

    @TempDir
    Path home;

    private Profile profile(String name, String more) throws IOException {
        return ProfileReader.read(Files.writeString(home.resolve(name + ".yaml"), """
                duration: 1s
                load: {open: {rate: 10/s}}
                mix: [{name: a}]
                """ + more + "\n"), List.of());
    }

    @Test
    void theControlOfAChangeOfTheNetworkRunsOverACableToo() throws IOException {
        Profile control = Control.of(profile("cut", "actions: [{at: 100ms, network: {loss: 100%}, for: 10ms}]"));
        assertThat(control.changesNetwork()).isFalse();
        assertThat(control.needsCable()).isTrue();
        assertThat(control.path()).isEqualTo(Network.PLAIN);
        Path written = Files.writeString(home.resolve("control.yaml"), ProfileWriter.write(control));
        assertThat(ProfileReader.read(written, List.of()))
                .as("the round repeats from its result")
                .isEqualTo(control);
    }

    @Test
    void theControlOfAReloadRunsOverAVethPairAsTheReloadDoes() throws IOException {
        assertThat(Control.of(profile("mark", "actions: [{at: 100ms, mark: deploy}]"))
                        .needsCable())
                .isFalse();
    }

    @Test
    void theControlOverANetworkKeepsIt() throws IOException {
        Profile far = profile("far", "network: {rtt: 2ms}\nactions: [{at: 100ms, network: {loss: 1%}}]");
        assertThat(Control.of(far).network()).isEqualTo(far.network());
    }

    @Test
    void contendersRunOverACableWhereOneOfThemNeedsIt() throws IOException {
        Map<String, Profile> plans =
                Contender.plans(List.of(profile("near", ""), profile("far", "network: {rtt: 2ms}")));
        Contender.overOnePath(plans);
        assertThat(plans.values()).allMatch(Profile::needsCable);
        assertThat(plans.get("near")).extracting(Profile::path).isEqualTo(Network.PLAIN);
        Map<String, Profile> without = Contender.plans(List.of(profile("near", ""), profile("other", "")));
        Contender.overOnePath(without);
        assertThat(without.values()).noneMatch(Profile::needsCable);
    }

    @Test
    void aTargetOfTheUsersIsReachedWithoutACable() throws IOException {
        Map<String, Profile> plans = Contender.plans(
                List.of(profile("there", "target: 127.0.0.1:1"), profile("far", "network: {rtt: 2ms}")));
        Contender.overOnePath(plans);
        assertThat(plans.get("there")).extracting(Profile::network).isNull();
    }
}
