package io.tcplab.loadgen.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.plan.ProfileReader;
import io.tcplab.loadgen.plan.TuneKeys;
import io.tcplab.loadgen.run.BadUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class TuneRequestTest {

    @TempDir
    private Path home;

    private Path file;

    @BeforeEach
    void aProfileWithoutATuneKey() throws IOException {
        file = Files.writeString(home.resolve("profile.yaml"), """
                name: plain
                connections: 1
                load: {closed: {concurrency: 1}}
                mix: [{name: only}]
                """);
    }

    private TuneRequest request(List<String> sets, List<String> sysctls) {
        return new TuneRequest(file, ProfileReader::read, sets, sysctls, Side.CLIENT, null, false, null, null);
    }

    @Test
    void aSetWithSeveralValuesIsTriedAndOneWithASingleValueIsFixed() {
        TuneRequest request =
                request(List.of("server.backlog=4,64", "client.sources=[127.0.0.1,127.0.0.2]"), List.of());
        assertThat(request.fixed()).containsExactly("client.sources=[127.0.0.1,127.0.0.2]");
        assertThat(request.cells(TuneKeys.read(file)))
                .extracting(Cell::name)
                .containsExactly("server.backlog=4", "server.backlog=64");
    }

    @Test
    void theKeyOfASysctlMayNameItsSide() {
        List<Cell> cells =
                request(List.of(), List.of("server:net.core.somaxconn=1,2")).cells(TuneKeys.read(file));
        assertThat(cells.getFirst().settings()).containsKey(new Knob(Knob.Kind.SERVER_SYSCTL, "net.core.somaxconn"));
    }

    @Test
    void whatCannotBeTriedIsBadUsage() {
        TuneKeys keys = TuneKeys.read(file);
        assertThatThrownBy(() -> request(List.of(), List.of()).cells(keys))
                .isInstanceOf(BadUsage.class)
                .hasMessageContaining("nothing to try");
        assertThatThrownBy(
                        () -> request(List.of(), List.of("vm.swappiness=1,2")).cells(keys))
                .isInstanceOf(BadUsage.class)
                .hasMessageContaining("not a sysctl of a network namespace");
        assertThatThrownBy(
                        () -> request(List.of(), List.of("net.core.somaxconn")).cells(keys))
                .isInstanceOf(BadUsage.class)
                .hasMessageContaining("KEY=V1,V2");
    }
}
