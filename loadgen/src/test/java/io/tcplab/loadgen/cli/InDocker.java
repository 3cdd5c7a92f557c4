package io.tcplab.loadgen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests with real containers: what they call, and that nothing is left of them, on a host that is afterwards as it was. */
abstract class InDocker {

    private static final long MOST_SECONDS = 300;
    static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
    private static final String NO_ENGINE = "no Docker engine answers here: nothing about containers was tested";

    @TempDir
    Path home;

    private Map<String, String> sysctlsBefore = Map.of();
    private String networksBefore = "";

    record Ended(int code, String out, String err) {}

    @BeforeEach
    void needsAnEngine() throws Exception {
        Assumptions.assumeTrue(hasEngine(), NO_ENGINE);
        sysctlsBefore = hostSysctls();
        networksBefore = networks();
    }

    /** What conntrack has counted, and what the kernel itself adapts to memory, is no setting. */
    @AfterEach
    void nothingIsLeftAndTheHostIsAsItWas() throws Exception {
        if (sysctlsBefore.isEmpty()) {
            return;
        }
        assertThat(hostSysctls()).isEqualTo(sysctlsBefore);
        assertThat(call("docker", "ps", "-a", "--filter", "label=io.tcplab.owner", "--format", "{{json .}}")
                        .out())
                .isEmpty();
        assertThat(networks()).isEqualTo(networksBefore);
    }

    private String networks() throws Exception {
        return call("docker", "network", "ls", "--format", "{{.ID}} {{.Name}}").out();
    }

    private boolean hasEngine() throws Exception {
        try {
            return call("docker", "info").code() == 0;
        } catch (IOException _) {
            return false; // there is no such program
        }
    }

    private static Map<String, String> hostSysctls() throws IOException {
        Map<String, String> sysctls = new TreeMap<>();
        try (Stream<Path> files = Files.walk(Path.of("/proc/sys/net/ipv4"), 1)) {
            for (Path file :
                    files.filter(Files::isReadable).filter(Files::isRegularFile).toList()) {
                sysctls.put(file.toString(), Files.readAllLines(file).toString());
            }
        }
        return sysctls;
    }

    Ended call(String... command) throws Exception {
        return call(Map.of(), command);
    }

    Ended call(Map<String, String> environment, String... command) throws Exception {
        Path out = Files.createTempFile(home, "out", "");
        Path err = Files.createTempFile(home, "err", "");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(REPOSITORY.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** The command line as it was packaged: the image is made of the same jars. */
    Ended tcplab(Map<String, String> environment, String... arguments) throws Exception {
        return call(environment, command(arguments));
    }

    static String[] command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dtcplab.home=" + REPOSITORY,
                "-jar",
                REPOSITORY.resolve("loadgen/target/tcplab-loadgen.jar").toString()));
        command.addAll(List.of(arguments));
        return command.toArray(new String[0]);
    }

    void needsTheBaseImage() throws Exception {
        Assumptions.assumeTrue(
                call("docker", "image", "inspect", "tcplab/java25:local").code() == 0,
                "the locally built base image is not here");
    }

    List<String> compose() throws Exception {
        if (call("docker", "compose", "version").code() == 0) {
            return List.of("docker", "compose", "-p", "tcplab-test");
        }
        return Files.isExecutable(Path.of("/usr/bin/docker-compose"))
                ? List.of("docker-compose", "-p", "tcplab-test")
                : List.of();
    }

    static String[] words(List<String> first, String... more) {
        List<String> all = new ArrayList<>(first);
        all.addAll(List.of(more));
        return all.toArray(new String[0]);
    }
}
