package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** SIGTERM ends a process with the exit code of an interruption, whenever it comes. */
@Timeout(60)
class OrderlyEndIT {

    /** A command that has not begun yet, or one that runs until a signal interrupts it. */
    static final class Command {
        private Command() {}

        public static void main(String[] arguments) throws InterruptedException {
            OrderlyEnd.fromTheStart();
            if (arguments[0].equals("runs")) {
                Thread command = Thread.currentThread();
                try (OrderlyEnd _ = OrderlyEnd.onSignal(command::interrupt)) {
                    untilInterrupted();
                    System.out.println("partial results");
                }
            }
            untilInterrupted();
        }

        private static void untilInterrupted() {
            System.out.println("ready");
            try {
                TimeUnit.MINUTES.sleep(1);
            } catch (InterruptedException _) {
                System.out.println("interrupted");
            }
        }
    }

    private static String terminated(String how) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Command.class.getName(),
                        how)
                .redirectErrorStream(true)
                .start();
        try (BufferedReader printed = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(printed.readLine()).isEqualTo("ready");
            process.toHandle().destroy(); // and the stream stays open
            StringBuilder rest = new StringBuilder();
            for (String line = printed.readLine(); line != null; line = printed.readLine()) {
                rest.append(line).append('\n');
            }
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return process.exitValue() + " " + rest;
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void beforeACommandBegins() throws Exception {
        assertThat(terminated("waits")).isEqualTo("130 ");
    }

    @Test
    void whileACommandRunsWhichWritesWhatItHas() throws Exception {
        assertThat(terminated("runs")).startsWith("130 interrupted\npartial results\n");
    }
}
