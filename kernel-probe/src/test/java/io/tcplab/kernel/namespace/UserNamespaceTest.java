package io.tcplab.kernel.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class UserNamespaceTest {
    @Test
    void capabilitiesAreReadFromTheStatus() {
        assertThat(UserNamespace.effectiveCapabilities("Name:\tjava\nCapPrm:\t1\nCapEff:\t000001ffffffffff\n"))
                .isEqualTo(0x1ffffffffffL);
        assertThat(UserNamespace.effectiveCapabilities("CapEff:\tffffffffffffffff"))
                .isEqualTo(-1);
        assertThat(UserNamespace.effectiveCapabilities("Name:\tjava\n")).isZero();
    }

    @Test
    void ownCommandBeginsWithTheProgramItself() throws Exception {
        assertThat(Path.of(UserNamespace.ownCommand().getFirst())).isAbsolute();
        assertThat(Files.isExecutable(Path.of(UserNamespace.ownCommand().getFirst())))
                .isTrue();
        assertThat(UserNamespace.ownCommand()).hasSizeGreaterThan(1);
    }

    @Test
    void programsAreFoundAlsoWhereOnlyRootLooks() {
        assertThat(Programs.find("sh"))
                .hasValueSatisfying(path -> assertThat(path).startsWith("/"));
        assertThat(Programs.find("no-such-program-anywhere")).isEmpty();
    }
}
