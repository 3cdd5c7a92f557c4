package io.tcplab.companion.control;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code serve} in a process of its own, looked at from outside. */
final class ServeProcess implements AutoCloseable {

    private static final Pattern GREETING = Pattern.compile(
            "tcplab target listening on 127\\.0\\.0\\.1:(\\d+) .*?(?:control 127\\.0\\.0\\.1:(\\d+))?\\)");

    final Process process;
    final int port;
    final int controlPort;

    private ServeProcess(Process process, int port, int controlPort) {
        this.process = process;
        this.port = port;
        this.controlPort = controlPort;
    }

    static ServeProcess start(List<String> jvmOptions, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), CompanionMain.class.getName()));
        command.addAll(List.of("--port", "0"));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).start();
        String line = process.inputReader().readLine();
        Matcher greeting = GREETING.matcher(String.valueOf(line));
        if (!greeting.matches()) {
            process.destroyForcibly();
            throw new IOException("said " + line);
        }
        String control = greeting.group(2);
        return new ServeProcess(
                process, Integer.parseInt(greeting.group(1)), control == null ? 0 : Integer.parseInt(control));
    }

    long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
            return open.count();
        }
    }

    /** Waits until no more than that many are open, for at most that time; returns how many are. */
    long descriptorsDownTo(long most, Duration atMost) throws Exception {
        long deadline = System.nanoTime() + atMost.toNanos();
        long open = descriptors();
        while (open > most && System.nanoTime() < deadline) {
            Thread.sleep(10);
            open = descriptors();
        }
        return open;
    }

    /** Bytes of live objects after a full collection. */
    long heapBytes() throws IOException {
        Process histogram = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/jcmd",
                        Long.toString(process.pid()),
                        "GC.class_histogram")
                .start();
        try (BufferedReader lines = histogram.inputReader()) {
            String total = lines.lines()
                    .filter(line -> line.startsWith("Total"))
                    .findFirst()
                    .orElseThrow();
            return Long.parseLong(total.split("\\s+")[2]);
        }
    }

    /** The first bytes of the answer to a request on the control port. */
    String ask(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", controlPort)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readNBytes(15), StandardCharsets.ISO_8859_1);
        }
    }

    /** Ends it by SIGTERM and returns what it wrote to its standard error. */
    String terminate() throws Exception {
        process.toHandle().destroy();
        try (BufferedReader lines = process.errorReader()) {
            String errors = lines.readAllAsString();
            process.waitFor(20, TimeUnit.SECONDS);
            return errors;
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
