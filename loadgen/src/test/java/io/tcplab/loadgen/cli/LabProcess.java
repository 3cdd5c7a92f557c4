package io.tcplab.loadgen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code tcplab lab …} as a process of its own, marked in its environment so that all it starts can be found. */
final class LabProcess {
    private static final long MOST_SECONDS = 120;
    private static final Path JAR = Path.of("target", "tcplab-loadgen.jar").toAbsolutePath();

    private final Path place;
    private final String mark = UUID.randomUUID().toString();
    private final List<String> before = new ArrayList<>();
    private String path = System.getenv("PATH");

    /** How it ended. */
    record Ended(int code, String out, String err) {}

    LabProcess(Path place) {
        this.place = place;
    }

    /** Puts a command line in front: another user, a smaller world. */
    LabProcess under(String... words) {
        before.addAll(List.of(words));
        return this;
    }

    /** Puts a directory in front of PATH. */
    LabProcess withPrograms(Path directory) {
        path = directory + ":" + path;
        return this;
    }

    /** Whether the packaged program can be run, by whoever it is. */
    static boolean isPackaged() {
        return Files.exists(JAR);
    }

    Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(List.of("-jar", JAR.toString(), "lab"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(place.resolve("out").toFile())
                .redirectError(place.resolve("err").toFile());
        builder.environment().put("TCPLAB_TEST_MARK", mark);
        builder.environment().put("PATH", path);
        return builder.start();
    }

    Ended run(String... arguments) throws Exception {
        return await(start(arguments));
    }

    Ended await(Process process) throws Exception {
        assertThat(process.waitFor(MOST_SECONDS, TimeUnit.SECONDS))
                .as("it ends")
                .isTrue();
        String err = Files.readString(place.resolve("err"));
        assertThat(err).doesNotContain("\tat ");
        return new Ended(process.exitValue(), out(), err);
    }

    String out() throws IOException {
        return Files.readString(place.resolve("out"));
    }

    /** The names of all processes that carry the mark. */
    List<String> alive() throws IOException {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(each -> each.getFileName().toString().matches("[0-9]+"))
                    .filter(this::isMarked)
                    .map(LabProcess::name)
                    .filter(name -> !name.isEmpty())
                    .toList();
        }
    }

    private boolean isMarked(Path process) {
        return read(process.resolve("environ")).contains("TCPLAB_TEST_MARK=" + mark);
    }

    private static String name(Path process) {
        return read(process.resolve("comm")).strip();
    }

    /** Empty when the process has ended meanwhile. */
    private static String read(Path file) {
        try {
            return new String(Files.newInputStream(file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException _) {
            return "";
        }
    }
}
