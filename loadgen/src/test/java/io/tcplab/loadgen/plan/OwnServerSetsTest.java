package io.tcplab.loadgen.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tcplab.kernel.syscall.Signal;
import io.tcplab.loadgen.plan.OwnServer.Ready;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each part of a server of the user's can be set from the command line, and so be tried by tune and compared. */
@Timeout(60)
class OwnServerSetsTest {

    private static final String YAML = """
            load: {open: {rate: 100/s}}
            mix: [{name: get}]
            protocol: http
            server:
              command: [node, --stack-size=984, server.js]
              port: 8182
              environment: {BACKLOG: 511}
            """;

    private static OwnServer with(String... sets) {
        return Objects.requireNonNull(
                ProfileReader.read("p.yaml", YAML, List.of(sets)).ownServer());
    }

    @Test
    void everyPartOfAServerIsAValueToSet() {
        assertThat(with("server.port=81").port()).isEqualTo(81);
        assertThat(with("server.command.0=nodejs").argv()).containsExactly("nodejs", "--stack-size=984", "server.js");
        assertThat(with("server.command=[node, other.js]").argv()).containsExactly("node", "other.js");
        assertThat(with("server.command=exec node other.js | tee log").argv())
                .containsExactly("sh", "-c", "exec node other.js | tee log");
        assertThat(with("server.environment.BACKLOG=64").environment()).isEqualTo(Map.of("BACKLOG", "64"));
        assertThat(with("server.environment.WORKERS=2").environment())
                .isEqualTo(Map.of("BACKLOG", "511", "WORKERS", "2"));
        assertThat(with("server.ready={log: started}").ready()).isEqualTo(new Ready.Log("started"));
        assertThat(with("server.ready.http=/health").ready()).isEqualTo(new Ready.Http("/health"));
        assertThat(with("server.readyTimeout=1m").readyTimeoutNanos()).isEqualTo(60_000_000_000L);
        assertThat(with("server.stop=QUIT").stop()).isEqualTo(Signal.QUIT);
        assertThat(with("server.stopTimeout=250ms").stopTimeoutNanos()).isEqualTo(250_000_000L);
        assertThat(with("server.directory=/srv/app").directory()).isEqualTo("/srv/app");
        assertThat(with("server.image=node:24").image()).isEqualTo("node:24");
    }

    private static OwnServer beside(Path home, String server, String... sets) {
        Profile profile = ProfileReader.read(home.resolve("p.yaml").toString(), """
                load: {open: {rate: 100/s}}
                mix: [{name: get}]
                server: {port: 8182, %s}
                """.formatted(server), List.of(sets));
        return Objects.requireNonNull(profile.ownServer());
    }

    @Test
    void itsDirectoryIsBesideTheProfileAndAbsoluteOnceRead(@TempDir Path home) {
        assertThat(beside(home, "command: ./app, directory: ../app").directory())
                .isEqualTo(home.resolveSibling("app").toString());
        assertThat(beside(home, "command: ./app, directory: .").directory()).isEqualTo(home.toString());
        assertThat(beside(home, "command: ./app, directory: /srv/app").directory())
                .isEqualTo("/srv/app");
        assertThat(beside(home, "command: ./app", "server.directory=app").directory())
                .as("an option's directory is where the program was started")
                .isEqualTo(Path.of("app").toAbsolutePath().toString());
        assertThat(beside(home, "image: 'app:1', directory: app").directory())
                .as("a container's is its image's")
                .isEqualTo("app");
    }

    @Test
    void whatIsWrittenReadsBackTheSame() {
        OwnServer set = with("server.stop=QUIT", "server.ready={log: \"a: b\"}", "server.directory=/x y");
        Profile profile = ProfileReader.read(
                "p.yaml", YAML, List.of("server.stop=QUIT", "server.ready={log: \"a: b\"}", "server.directory=/x y"));
        assertThat(ProfileReader.read("q.yaml", ProfileWriter.write(profile), List.of())
                        .ownServer())
                .isEqualTo(set);
    }

    @Test
    void aMisspeltPartIsAnsweredWithTheNearestOne() {
        assertThatExceptionOfType(ProfileError.class)
                .isThrownBy(() -> with("server.stopTimout=1s"))
                .withMessageContaining("did you mean stopTimeout");
        assertThatExceptionOfType(ProfileError.class)
                .isThrownBy(() -> with("server.backlog=64"))
                .withMessageContaining("setting of the companion");
    }
}
