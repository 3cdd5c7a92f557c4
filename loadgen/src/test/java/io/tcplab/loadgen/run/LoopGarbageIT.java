package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.tcplab.companion.Companion;
import io.tcplab.companion.CompanionSettings;
import io.tcplab.loadgen.connection.wire.UringWires;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With the options that the launchers give the JVM, a loop that has run for a while makes no garbage: its system calls included. */
@Timeout(90)
class LoopGarbageIT {

    private static final Pattern OPTIONS = Pattern.compile("-XX:[^\\s\"]+");

    private static final long LEAST_CONNECTIONS = 2_000;
    private static final double MOST_BYTES = 8;

    /** A closed loop against a companion of the same process, until it makes no garbage or its time is over. */
    static final class Load {

        private Load() {}

        /** Prints the least that its loop has allocated for a connection, in bytes. */
        public static void main(String[] settings) throws Exception {
            try (Companion companion = Companion.start(CompanionSettings.DEFAULTS)) {
                LoadRun run = new LoadRun(Profiles.of("""
                            duration: 60s
                            load: {closed: {concurrency: 4}}
                            mix: [{name: only, exchanges: 1, close: {by: client, how: rst}}]
                            """, settings), companion.address(), 1, LoopCpus.ANY);
                Thread load = Thread.ofPlatform().start(() -> run.execute(_ -> {}));
                System.out.println(least(run, System.nanoTime() + TimeUnit.SECONDS.toNanos(45)));
                run.interrupt();
                load.join();
            }
        }

        private static double least(LoadRun run, long endNanos) throws InterruptedException {
            double least = Double.MAX_VALUE;
            while (least > MOST_BYTES && System.nanoTime() < endNanos) {
                long connections = run.mark().counts().started();
                long bytes = allocated();
                while (run.mark().counts().started() < connections + LEAST_CONNECTIONS
                        && System.nanoTime() < endNanos) {
                    Thread.sleep(20); // as long as so many connections take
                }
                least = Math.min(least, (double) (allocated() - bytes) / LEAST_CONNECTIONS);
            }
            return least;
        }

        private static long allocated() {
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long sum = 0;
            for (var thread : threads.getThreadInfo(threads.getAllThreadIds())) {
                if (thread != null && thread.getThreadName().startsWith("loop-")) {
                    sum += threads.getThreadAllocatedBytes(thread.getThreadId());
                }
            }
            return sum;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring"})
    void aConnectionLeavesNothingToCollect(String transport) throws Exception {
        assumeTrue(transport.equals("epoll") || UringWires.refusal() == null, "needs io_uring");
        assertThat(bytesForAConnection("client.transport=" + transport)).isLessThan(MOST_BYTES);
    }

    @Test
    void eachLauncherGivesTheJvmTheSameOptions() throws Exception {
        assertThat(options("deploy/launcher")).isEqualTo(options("tcplab"));
        assertThat(options("deploy/tcplab")).isEqualTo(options("tcplab"));
    }

    @Test
    void whatTheStartHasLeftIsCollectedBeforeAWarmUp() throws Exception {
        try (Companion companion = Companion.start(CompanionSettings.DEFAULTS)) {
            assertThat(collectionsAsItGetsReady(companion, "500ms")).isOne();
            assertThat(collectionsAsItGetsReady(companion, "0s")).isZero();
        }
    }

    private static long collectionsAsItGetsReady(Companion companion, String warmup) {
        LoadRun run = new LoadRun(Profiles.of("""
                        duration: 1ms
                        load: {closed: {concurrency: 1}}
                        mix: [{name: only}]
                        """, "warmup=" + warmup), companion.address(), 1, LoopCpus.ANY);
        long before = wholeCollections();
        run.prepare();
        long made = wholeCollections() - before;
        run.execute(_ -> {});
        return made;
    }

    private static long wholeCollections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .filter(each -> List.of(each.getMemoryPoolNames()).contains("Tenured Gen"))
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }

    private static double bytesForAConnection(String setting) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options("tcplab"));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Load.class.getName(), setting));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return Double.parseDouble(printed.strip());
        } finally {
            process.destroyForcibly();
        }
    }

    /** Those of the JVM itself that a launcher gives it. */
    private static List<String> options(String launcher) throws Exception {
        String line = Files.readAllLines(Path.of("..").resolve(launcher)).stream()
                .filter(each -> each.contains("-XX:+UseSerialGC"))
                .findFirst()
                .orElseThrow();
        List<String> found = new ArrayList<>();
        for (Matcher option = OPTIONS.matcher(line); option.find(); ) {
            found.add(option.group());
        }
        return found;
    }
}
