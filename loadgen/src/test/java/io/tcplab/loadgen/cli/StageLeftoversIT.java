package io.tcplab.loadgen.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tcplab.kernel.namespace.Programs;
import io.tcplab.kernel.namespace.UserNamespace;
import java.io.IOException;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run is killed with SIGKILL in the middle, and ended in order: neither its server, which ignores SIGTERM, nor that one's daemon, nor a
 * namespace, nor the directory that it ran in is left.
 */
@Timeout(200)
class StageLeftoversIT {

    private static final long MOST_SECONDS = 60;

    /** What another user may read; the class path may be in somebody's home. */
    private static final Path JAR = Path.of("target", "tcplab-loadgen.jar").toAbsolutePath();

    /** Ignored signals stay ignored across execve(2), by the JVM as well. */
    private static final String SERVER = "trap '' TERM INT HUP; (setsid sh -c 'sleep 1004 & exec sleep 1005' &);"
            + " exec \"$TCPLAB_JAVA\" -XX:TieredStopAtLevel=1 -m jdk.httpserver -p $TCPLAB_PORT -b 0.0.0.0 -d . -o none";

    @TempDir
    private Path home;

    private final String mark = UUID.randomUUID().toString();

    @BeforeAll
    static void pidNamespaces() {
        assumeThat(UserNamespace.needed())
                .as("a daemon is ended with its pid namespace, which only root makes without a user namespace")
                .isFalse();
        assumeThat(Programs.find("setsid")).as("the program setsid").isPresent();
    }

    private Process start(String isolation, String duration, String... before) throws IOException {
        int port;
        try (ServerSocket any = new ServerSocket(0)) {
            port = any.getLocalPort();
        }
        Path profile =
                Files.writeString(home.resolve("profile.yaml"), """
                name: stubborn
                duration: %s
                load: {open: {rate: 50/s}}
                mix: [{name: get}]
                protocol: http
                server:
                  port: %d
                  readyTimeout: 60s
                  stopTimeout: 300ms
                  command: %s
                """.formatted(duration, port, "|\n    " + SERVER));
        List<String> command = new ArrayList<>(List.of(before));
        command.addAll(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC"));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        command.add("-Djava.io.tmpdir=" + temporary());
        command.addAll(
                before.length == 0
                        ? List.of("-cp", System.getProperty("java.class.path"), Tcplab.class.getName())
                        : List.of("-jar", JAR.toString()));
        command.addAll(List.of("run", profile.toString(), "--isolate", isolation, "--quiet"));
        command.addAll(List.of("--out", home.resolve("result").toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(home.resolve("out").toFile())
                .redirectError(home.resolve("err").toFile());
        builder.environment().put("TCPLAB_TEST_MARK", mark);
        return builder.start();
    }

    /** Where the program makes what is to be gone; anybody may. */
    private Path temporary() throws IOException {
        Path directory = home.resolve("temporary");
        if (!Files.exists(directory)) {
            Files.setPosixFilePermissions(
                    Files.createDirectory(directory), PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        return directory;
    }

    private List<Path> servedFrom() throws IOException {
        try (Stream<Path> all = Files.list(temporary())) {
            return all.filter(each -> each.getFileName().toString().startsWith("tcplab-"))
                    .toList();
        }
    }

    /** All processes that have the mark in their environment. */
    private List<Path> alive() throws IOException {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(each -> each.getFileName().toString().matches("[0-9]+"))
                    .filter(each -> read(each.resolve("environ")).contains("TCPLAB_TEST_MARK=" + mark))
                    .toList();
        }
    }

    /** Empty when the process has ended meanwhile; a file of proc(5) has no size. */
    private static String read(Path file) {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readAllBytes());
        } catch (IOException _) {
            return "";
        }
    }

    private void awaitTheLoad(Process process) throws Exception {
        Path timeline = home.resolve("result").resolve(".timeline.csv.part");
        while (process.isAlive() && (!Files.exists(timeline) || Files.size(timeline) == 0)) {
            Thread.sleep(20);
        }
        assertThat(process.isAlive()).as(Files.readString(home.resolve("err"))).isTrue();
        assertThat(alive().stream().filter(each -> read(each.resolve("comm")).startsWith("sleep")))
                .as("the daemon and its child")
                .hasSize(2);
        assertThat(servedFrom()).as("the directory that the server runs in").hasSize(1);
    }

    private void nothingIsLeft() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
        while (!(alive().isEmpty() && servedFrom().isEmpty()) && System.nanoTime() < deadline) {
            Thread.sleep(50);
        }
        assertThat(alive()).as("processes").isEmpty();
        assertThat(servedFrom()).as("directories").isEmpty();
        assertThat(NetworkInterface.networkInterfaces().map(NetworkInterface::getName))
                .as("devices of the host")
                .doesNotContain("vc", "vs");
    }

    private void killed(String isolation, String... before) throws Exception {
        Process process = start(isolation, "120s", before);
        try {
            awaitTheLoad(process);
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();
        nothingIsLeft();
    }

    @Test
    void killLeavesNothingOfAServerOnThisHost() throws Exception {
        killed("none");
    }

    @Test
    void killLeavesNothingOfAServerInItsNamespace() throws Exception {
        killed("netns");
    }

    @Test
    void killLeavesNothingOfAnOrdinaryUsersServer() throws Exception {
        String[] nobody = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
        assumeThat(System.getProperty("user.name"))
                .as("who may become another user")
                .isEqualTo("root");
        assumeThat(Files.exists(JAR)).as("the packaged program").isTrue();
        List<String> reads = new ArrayList<>(List.of(nobody));
        reads.addAll(List.of("test", "-r", JAR.toString()));
        assumeThat(new ProcessBuilder(reads).start().waitFor())
                .as("the program must be readable to anyone")
                .isZero();
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));
        killed("netns", nobody);
    }

    @Test
    void aServerThatIgnoresItsStopSignalIsGoneWithItsDaemonWhenTheRunEnds() throws Exception {
        Process process = start("netns", "1s");
        assertThat(process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(home.resolve("result").resolve("summary.json")).exists();
        assertThat(alive()).isEmpty();
        assertThat(servedFrom()).isEmpty();
    }
}
