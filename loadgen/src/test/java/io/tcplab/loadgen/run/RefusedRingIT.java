package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Where io_uring is refused, as in most containers, epoll serves unless the profile insists. */
@Timeout(90)
class RefusedRingIT {

    @TempDir
    private Path home;

    private record Ended(int code, String text) {}

    private Ended run(String transport) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            Thread.ofPlatform().daemon(true).start(() -> serve(listener));
            Path profile = Files.writeString(home.resolve("profile.yaml"), """
                    name: refused
                    connections: 7
                    load: {closed: {concurrency: 2}}
                    protocol: none
                    mix: [{name: only, exchanges: 0, close: {by: client, how: fin}}]
                    """);
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    WithoutIoUring.class.getName(),
                    "run",
                    profile.toString(),
                    "--target",
                    "127.0.0.1:" + listener.getLocalPort(),
                    "--set",
                    "client.transport=" + transport,
                    "--out",
                    home.resolve(transport).toString()));
            Path text = home.resolve(transport + ".txt");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(text.toFile())
                    .start();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return new Ended(process.exitValue(), Files.readString(text));
        }
    }

    private static void serve(ServerSocket listener) {
        try {
            while (true) {
                listener.accept().close();
            }
        } catch (IOException _) {
            // the test is over
        }
    }

    @Test
    void autoFallsBackToEpollAndSaysWhichCallRefused() throws Exception {
        Ended ended = run("auto");
        assertThat(ended.code()).as(ended.text()).isZero();
        JsonNode environment = JsonMapper.shared()
                .readTree(Files.readString(home.resolve("auto").resolve("environment.json")));
        assertThat(environment.path("transport").asString()).isEqualTo("epoll");
        assertThat(environment.path("transportReason").asString())
                .startsWith("auto: io_uring_setup: EPERM")
                .contains("seccomp");
    }

    @Test
    void aProfileThatInsistsIsNotRun() throws Exception {
        Ended ended = run("io_uring");
        assertThat(ended.code()).as(ended.text()).isEqualTo(1);
        assertThat(ended.text()).contains("client.transport: io_uring cannot be used here: io_uring_setup: EPERM");
        assertThat(home.resolve("io_uring").resolve("summary.json")).doesNotExist();
    }
}
