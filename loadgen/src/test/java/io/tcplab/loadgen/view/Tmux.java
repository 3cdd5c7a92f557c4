package io.tcplab.loadgen.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A terminal in a tmux of its own, with a shell in it that knows nothing of the user's. Its server ends with it. */
final class Tmux implements AutoCloseable {

    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long LOOK_MILLIS = 50;

    private final String socket;

    Tmux(Path place, int width, int height) throws Exception {
        socket = place.resolve("tmux").toString();
        // A program that was started in the background may have SIGINT ignored, and would hand that on.
        tmux(
                "new-session",
                "-d",
                "-x",
                String.valueOf(width),
                "-y",
                String.valueOf(height),
                "env -u NO_COLOR LC_ALL=C.UTF-8 TERM=xterm-256color PS1='$ ' sh -i");
        await(screen -> screen.contains("$"));
    }

    static boolean isInstalled() {
        for (String directory : System.getenv("PATH").split(File.pathSeparator)) {
            if (new File(directory, "tmux").canExecute()) {
                return true;
            }
        }
        return false;
    }

    /** The command line of this build, as a shell takes it; its process id goes to a file. */
    static String tcplab(Path pid, String arguments) {
        return "sh -c 'echo $$ > " + pid + "; exec " + System.getProperty("java.home")
                + "/bin/java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
                + " --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
                + " -cp \"$TCPLAB_CLASSES\" io.tcplab.loadgen.cli.Tcplab " + arguments + "'";
    }

    private String tmux(String... words) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("env", "--default-signal=INT", "tmux", "-f", "/dev/null", "-S", socket));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("TCPLAB_CLASSES", System.getProperty("java.class.path"));
        builder.environment().remove("TMUX");
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("tmux %s: %s", List.of(words), said).isZero();
        return said;
    }

    /** Types a line. */
    void type(String line) throws Exception {
        tmux("send-keys", "-l", line);
        tmux("send-keys", "Enter");
    }

    /** Presses a key, by tmux's name of it. */
    void press(String key) throws Exception {
        tmux("send-keys", key);
    }

    void resize(int width, int height) throws Exception {
        tmux("resize-window", "-x", String.valueOf(width), "-y", String.valueOf(height));
    }

    String screen() throws Exception {
        return tmux("capture-pane", "-p");
    }

    /** With the escape sequences of its colours. */
    String colouredScreen() throws Exception {
        return tmux("capture-pane", "-p", "-e");
    }

    /** Waits until the screen is as asked for, and returns it. */
    String await(Predicate<String> condition) throws Exception {
        long end = System.nanoTime() + MOST_NANOS;
        String screen = screen();
        while (!condition.test(screen)) {
            assertThat(System.nanoTime()).as("still on the screen:%n%s", screen).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            screen = screen();
        }
        return screen;
    }

    /** Whether what was there before the program is hidden by it. */
    boolean alternateScreen() throws Exception {
        return tmux("display-message", "-p", "#{alternate_on}").strip().equals("1");
    }

    /** Waits until what was there before the program is there again. */
    void awaitNormalScreen() throws Exception {
        long end = System.nanoTime() + MOST_NANOS;
        while (alternateScreen()) {
            assertThat(System.nanoTime()).as("still on the alternate screen").isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    boolean cursorIsVisible() throws Exception {
        return tmux("display-message", "-p", "#{cursor_flag}").strip().equals("1");
    }

    /** Ends everything in it, and waits until its server has gone: it removes its socket last. */
    @Override
    public void close() throws IOException {
        try {
            ProcessHandle server = ProcessHandle.of(Long.parseLong(
                            tmux("display-message", "-p", "#{pid}").strip()))
                    .orElseThrow();
            tmux("kill-server");
            server.onExit().get(MOST_NANOS, TimeUnit.NANOSECONDS);
        } catch (Exception e) {
            throw new IOException("tmux did not end", e);
        }
    }
}
