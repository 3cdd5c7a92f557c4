package io.tcplab.kernel.namespace;

import io.tcplab.kernel.syscall.Forks;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds and runs programs such as ip, nsenter and ss, also from the directories for administration that an ordinary user's PATH lacks. */
public final class Programs {
    private static final int PATIENCE_SECONDS = 20;

    private Programs() {}

    /** The full path of a program, or empty where it is not installed. */
    public static Optional<String> find(String name) {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin:/usr/bin:/bin";
        return Stream.of(path.split(":"))
                .filter(directory -> directory.startsWith("/"))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    /**
     * Runs a program to its end and returns what it printed on both of its streams, without white space around it.
     *
     * @param namespace where it runs; null for the namespace of the process
     * @param input what it reads from its standard input
     * @param command the program by name, and its arguments
     * @throws IOException with the command and what it printed, where it is missing, fails or takes longer than 20 s
     */
    public static String run(@Nullable NetworkNamespace namespace, String input, String... command) throws IOException {
        List<String> line = new ArrayList<>(List.of(command));
        line.set(0, find(command[0]).orElseThrow(() -> new IOException("the program " + command[0] + " is missing")));
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        Process process = namespace == null ? Forks.start(builder) : namespace.start(builder);
        // No virtual thread: its carrier would stay in the namespace of whoever asked first (clone(2)), and serve
        // others there.
        Thread watch = Thread.ofPlatform().daemon(true).start(() -> endLate(process));
        String printed = talk(process, input);
        int exitCode = exitCode(process);
        watch.interrupt();
        if (exitCode != 0) {
            throw new IOException(
                    String.join(" ", command) + ": " + (printed.isEmpty() ? "exit code " + exitCode : printed));
        }
        return printed;
    }

    private static String talk(Process process, String input) throws IOException {
        try (Writer writer = process.outputWriter(StandardCharsets.UTF_8)) {
            writer.write(input);
        } catch (IOException _) {
            // It ended without reading its input (EPIPE); its exit code and what it printed say why.
        }
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    private static int exitCode(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a program ran", e);
        }
    }

    private static void endLate(Process process) {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            // It has ended: nothing is left to watch.
        }
    }
}
