package io.tcplab.loadgen.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.companion.Companion;
import io.tcplab.companion.control.SettingsJson;
import io.tcplab.companion.misbehave.MisbehavingServer;
import io.tcplab.companion.misbehave.Misbehaviour;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.cli.CommandLineAccess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class InspectIT {

    @Test
    void theCompanionHasNoFindingOverHttp() throws Exception {
        try (Companion companion = Companion.start(SettingsJson.read("{\"protocol\": \"HTTP\"}"))) {
            Inspected inspected = Inspected.of(companion.address(), Duration.ofSeconds(2));
            assertThat(inspected.findings()).isEmpty();
            assertThat(inspected.verdict("C3")).isEqualTo("asExpected");
        }
    }

    @Test
    void aServerOfAnotherProtocolIsAskedByConnectionsAlone() throws Exception {
        try (Companion companion = Companion.start(SettingsJson.read("{\"protocol\": \"ECHO\"}"))) {
            Inspected inspected = Inspected.of(companion.address(), Duration.ofSeconds(2), "--protocol", "none");
            assertThat(inspected.findings()).isEmpty();
            assertThat(inspected.ids()).contains("B1", "C2").doesNotContain("C3");
        }
    }

    /** An inspection writes what it found; another server then differs, which is exit code 3 and a failed test in JUnit's report. */
    @Test
    void aBehaviourThatHasChangedIsExitCodeThree(@TempDir Path home) throws Exception {
        Path expected = home.resolve("expect.yaml");
        Path junit = home.resolve("junit.xml");
        Duration patience = Duration.ofSeconds(2);
        try (MisbehavingServer server = MisbehavingServer.start("127.0.0.1", 0, Misbehaviour.parse("none"), null)) {
            Inspected first = Inspected.of(
                    server.address(), patience, "--check", "C1,S3,I1", "--write-expect", expected.toString());
            Inspected again =
                    Inspected.of(server.address(), patience, "--check", "C1,S3,I1", "--expect", expected.toString());
            assertThat(List.of(first.exitCode(), again.exitCode())).containsExactly(0, 0);
        }
        try (MisbehavingServer server =
                MisbehavingServer.start("127.0.0.1", 0, Misbehaviour.parse("reset-idle"), null)) {
            Inspected changed = Inspected.of(
                    server.address(),
                    patience,
                    "--check",
                    "C1,S3,I1",
                    "--expect",
                    expected.toString(),
                    "--junit",
                    junit.toString());
            assertThat(changed.exitCode()).isEqualTo(3);
            assertThat(changed.json().at("/expectations/1/id").asString()).isEqualTo("I1");
            assertThat(changed.json().at("/expectations/1/met").asBoolean()).isFalse();
            assertThat(Files.readString(junit)).contains("failures=\"1\"").contains("tcplab.inspect.I1");
        }
    }

    /** A server's words are text: in Markdown no link and no cell, on a terminal no colour. */
    @Test
    void whatAServerSaysIsTextEverywhere(@TempDir Path home) throws Exception {
        Path markdown = home.resolve("inspect.md");
        String server = "x|![y](http://e.invalid/)\\|`<b>&lt;\u001b[31m";
        try (SmallServer hostile = SmallServer.start(socket -> {
            while (!SmallServer.head(socket).isEmpty()) {
                SmallServer.say(socket, "HTTP/1.1 200 \u0085\r\nServer: " + server + "\r\nContent-Length: 0\r\n\r\n");
            }
        })) {
            Inspected inspected = Inspected.of(
                    hostile.address(), Duration.ofSeconds(1), "--check", "B2", "--markdown", markdown.toString());
            assertThat(inspected.json().at("/server/name").asString()).isEqualTo(server);
            assertThat(Files.readString(markdown))
                    .contains("x\\|!\\[y\\](http://e.invalid/)\\\\\\|\\`&lt;b>&amp;lt;\\\\u001b\\[31m");
        }
        try (SmallServer hostile = SmallServer.start(socket -> SmallServer.say(socket, "\u001b[31mred\r\n"))) {
            CommandLineAccess.Ran refused = CommandLineAccess.run(List.of("inspect", Endpoint.text(hostile.address())));
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.stderr()).contains("\\u001b[31mred").doesNotContain("\u001b");
        }
    }

    /** Ctrl-C ends the waits for timeouts, too: what is complete is kept, what was cut short is no finding. */
    @Test
    void anInterruptEndsAWaitAndKeepsWhatIsComplete() throws Exception {
        Semaphore opened = new Semaphore(0);
        try (SmallServer server = SmallServer.start(socket -> {
                    opened.release();
                    if (!SmallServer.head(socket).isEmpty()) {
                        SmallServer.say(socket, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
                    }
                });
                ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Subject subject = Inspected.subject(server.address(), Duration.ofSeconds(60), false);
            Inspector inspector = new Inspector(subject, Optional.empty(), Optional.empty(), _ -> {});
            inspector.begin();
            Future<List<CheckResult>> results =
                    thread.submit(() -> inspector.run(Catalogue.chosen(List.of("C1", "B4"))));
            // The first look, C1, whether the server still answers, and B4.
            opened.acquire(4);
            inspector.interrupt();
            assertThat(results.get(10, TimeUnit.SECONDS))
                    .extracting(each -> each.card().id())
                    .containsExactly("C1");
        }
    }

    @Test
    void nobodyListensIsExitCodeOneAndOneSentence() {
        CommandLineAccess.Ran ran = CommandLineAccess.run(List.of("inspect", "127.0.0.1:1"));
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.stderr()).contains("ECONNREFUSED").doesNotContain("Exception");
    }
}
