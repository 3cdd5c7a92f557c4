package io.tcplab.loadgen.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.kernel.host.Endpoint;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code target}, {@code targets} and a member's own {@code target}: which connections go where. */
@Timeout(20)
class TargetsTest {

    private static final String REST = "load: {closed: {concurrency: 1}}\nprotocol: echo\n";
    private static final String MIX = "mix: [{name: a, weight: 3}, {name: b, target: '[::1]:9'}]\n";

    private static Profile read(String yaml, String... sets) {
        return ProfileReader.read("p.yaml", REST + yaml, List.of(sets));
    }

    @Test
    void weightsDivideEachMembersConnections() {
        Profile profile = read("targets: [{at: x.example:1, weight: 3}, {at: 'y.example:2'}]\n" + MIX);
        assertThat(profile.askedTargets()).hasToString("[x.example:1, y.example:2, [::1]:9]");
        assertThat(profile.routes()).containsExactly(new Route(0, 0, 2.25), new Route(0, 1, 0.75), new Route(1, 2, 1));
    }

    @Test
    void withoutATargetARouteIsAMember() {
        Profile profile = read("mix: [{name: a, weight: 3}, {name: b}]\n");
        assertThat(profile.askedTargets()).isEmpty();
        assertThat(profile.routes()).containsExactly(new Route(0, 0, 3), new Route(1, 0, 1));
        assertThat(profile.namesSeveralTargets()).isFalse();
    }

    @Test
    void whatIsWrittenIsReadBackTheSame() {
        for (String targets :
                List.of("targets: [{at: x.example:1, weight: 3}, {at: 'y.example:2'}]\n", "target: x.example:1\n")) {
            Profile profile = read(targets + MIX);
            assertThat(ProfileReader.read("p.yaml", ProfileWriter.write(profile), List.of()))
                    .isEqualTo(profile);
        }
    }

    @Test
    void theOptionSendsAllOfTheLoadThere() {
        Profile profile = read("targets: [{at: x.example:1}]\n" + MIX, ProfileSets.target("127.0.0.1:80"));
        assertThat(profile.askedTargets()).containsExactly(new Endpoint("127.0.0.1", 80));
        assertThat(profile.routes()).extracting(Route::target).containsExactly(0, 0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "target: x:1; targets: [{at: y:1}] | stands beside targets",
                "targets: [{at: y:1}, {at: y:1, weight: 2}] | is already in the list",
                "targets: [] | is empty; it needs at least 1 element",
                "targets: [{weight: 2}] | the key at is missing",
                "targets: [{at: y:1, weight: 0}] | a weight must be above 0",
                "targets: [{at: 1::1:80}] | an IPv6 address without brackets",
                "targets: [{at: y:1}]; server: {backlog: 5} | has no effect with a target",
                "name: p | member a has no target"
            })
    void whatDoesNotGoTogetherIsRefused(String yaml, String sentence) {
        assertThatThrownBy(() -> read(yaml.replace("; ", "\n") + "\n" + MIX))
                .isInstanceOf(ProfileError.class)
                .hasMessageContaining(sentence);
    }
}
