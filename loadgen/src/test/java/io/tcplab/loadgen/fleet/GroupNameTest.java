package io.tcplab.loadgen.fleet;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.run.BadUsage;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A group's name is that of a directory below the result. */
class GroupNameTest {

    private static final String TOO_LONG = "a-name-of-more-than-forty-characters-in-all";

    private static void join(String group) {
        new JoinRequest(new Endpoint("127.0.0.1", 9200), Token.of(null, "a token"), group, Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", ".hidden", "a/b", "a b", "groups.json", "report.html", TOO_LONG})
    void aNameThatIsNoDirectoryOfItsOwnIsRefused(String name) {
        assertThatThrownBy(() -> join(name)).isInstanceOf(BadUsage.class).hasMessageStartingWith("--as " + name);
        assertThatThrownBy(() -> GroupName.require("--groups", name)).hasMessageStartingWith("--groups " + name);
    }

    @Test
    void othersAreTakenAndSoIsNone() {
        for (String name : new String[] {"", "base", "loadgen-reuse", "v1.2_x", "7"}) {
            assertThatCode(() -> join(name)).doesNotThrowAnyException();
        }
    }
}
