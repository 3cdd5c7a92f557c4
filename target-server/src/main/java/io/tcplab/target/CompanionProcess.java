package io.tcplab.target;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A companion in a process of its own, so that its CPU time is told apart from the generator's. It is gone after {@link #close}, or when this process ends in any way.
 */
public final class CompanionProcess implements AutoCloseable {

    private static final long START_SECONDS = 20;
    private static final long ANSWER_SECONDS = 15;
    private static final ControlLine END = ControlLine.of("end");

    private final Process process;
    private final Writer commands;
    private final BlockingQueue<ControlLine> answers = new LinkedBlockingQueue<>();
    private final InetSocketAddress address;

    private CompanionProcess(Process process) throws CompanionException {
        this.process = process;
        this.commands = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        Thread.ofPlatform().name("companion-answers").daemon(true).start(this::listen);
        ControlLine first = answer(START_SECONDS);
        if (!first.word().equals("ready")) {
            process.destroyForcibly();
            throw new CompanionException(
                    first.word().equals("failed")
                            ? first.fact("reason")
                            : "The companion target ended before it was ready: run 'tcplab serve' to see why.");
        }
        this.address = new InetSocketAddress(first.fact("host"), Integer.parseInt(first.fact("port")));
    }

    /** Starts processes: here, or in a network namespace. */
    public interface Starter {
        /** Starts a process as {@link ProcessBuilder#start} does. */
        Process start(ProcessBuilder builder) throws IOException;
    }

    /**
     * Starts a companion and returns once it listens.
     *
     * @throws CompanionException in one sentence, when it could not be started
     */
    public static CompanionProcess start(CompanionSettings settings, Starter starter) throws CompanionException {
        List<String> command = new ArrayList<>();
        // An ignored SIGINT stays ignored across exec: Ctrl-C on the terminal is for the generator, which then ends us
        // in order.
        command.addAll(List.of("/bin/sh", "-c", "trap '' INT; exec \"$@\"", "tcplab-companion"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(CompanionMain.class.getName());
        command.add(SettingsLine.write(settings).toString());
        try {
            Process process = starter.start(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT));
            return new CompanionProcess(process);
        } catch (IOException e) {
            throw new CompanionException("The companion target cannot be started: " + e.getMessage(), e);
        }
    }

    private static List<String> jvmOptions() {
        List<String> options = new ArrayList<>(List.of(
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dio.netty.machineId=00:00:00:00:00:00:00:02",
                "-Xlog:disable",
                "-Xlog:all=error:stderr"));
        String more = System.getProperty("tcplab.companion.jvmArgs", "");
        if (!more.isBlank()) {
            options.addAll(List.of(more.strip().split("\\s+")));
        }
        return options;
    }

    private void listen() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String text;
            while ((text = lines.readLine()) != null) {
                ControlLine line = ControlLine.parse(text);
                if (line != null) {
                    answers.add(line);
                }
            }
        } catch (IOException _) {
            // the child has ended
        }
        answers.add(END);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return address;
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** What it has counted so far, by the names of {@link CompanionCounts}, {@code cpuSeconds} among them. */
    public Map<String, String> counts() throws CompanionException {
        return ask("counts").facts();
    }

    /** Accepts nothing from the moment this returns. */
    public void pauseAccepting() throws CompanionException {
        ask("pause");
    }

    /** Accepts again. */
    public void resumeAccepting() throws CompanionException {
        ask("resume");
    }

    /** Stops listening, waits until exchanges have ended, and returns the last counts. */
    public Map<String, String> finish() throws CompanionException {
        return ask("finish").facts();
    }

    private synchronized ControlLine ask(String command) throws CompanionException {
        tell(command);
        ControlLine answer = answer(ANSWER_SECONDS);
        if (answer.equals(END)) {
            throw new CompanionException("The companion target has ended: exit code " + exitCode() + ".");
        }
        return answer;
    }

    private void tell(String command) throws CompanionException {
        try {
            commands.write(command + "\n");
            commands.flush();
        } catch (IOException e) {
            throw new CompanionException(
                    "The companion target does not listen any more: exit code " + exitCode() + ".", e);
        }
    }

    private @Nullable Integer exitCode() {
        return process.isAlive() ? null : process.exitValue();
    }

    private ControlLine answer(long seconds) throws CompanionException {
        try {
            ControlLine line = answers.poll(seconds, TimeUnit.SECONDS);
            if (line == null) {
                throw new CompanionException("The companion target did not answer within " + seconds + " s.");
            }
            return line;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompanionException("interrupted while waiting for the companion target", e);
        }
    }

    /** Stops it and waits until it is gone. */
    @Override
    public void close() {
        try {
            tell("stop");
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (CompanionException _) {
            process.destroyForcibly();
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
