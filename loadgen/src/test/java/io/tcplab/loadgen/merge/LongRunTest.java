package io.tcplab.loadgen.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.report.html.HtmlReport;
import io.tcplab.loadgen.result.Examples;
import io.tcplab.loadgen.result.HlogWriter;
import io.tcplab.loadgen.result.LatencyLog;
import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.result.StreamedFile;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A day's run is reported and merged in a small heap: in a JVM of its own, whose heap is a fraction of what its files hold. */
@Timeout(240)
class LongRunTest {

    private static final int DAY_SECONDS = 86_400;
    private static final String HEAP = "-Xmx48m";

    @TempDir
    Path root;

    @Test
    void aDayIsReportedAndMergedInASmallHeap() throws Exception {
        Path one = day(1);
        Path other = day(2);
        Path said = root.resolve("said.txt");
        Process child = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        HEAP,
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallHeap.class.getName(),
                        one.toString(),
                        other.toString(),
                        root.resolve("merged").toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            assertThat(child.waitFor(200, TimeUnit.SECONDS)).isTrue();
        } finally {
            child.destroyForcibly();
        }
        assertThat(said).content().isEqualTo("merged 100000\n");
        assertThat(child.exitValue()).isZero();
        assertThat(Files.size(root.resolve("merged/" + ResultsDirectory.REPORT)))
                .isLessThan(1_000_000);
    }

    /** The child's program. */
    static final class SmallHeap {
        public static void main(String[] directories) throws IOException {
            Path one = Path.of(directories[0]);
            LatencyLog.read(one.resolve(ResultsDirectory.LATENCIES));
            ResultsDirectory into = ResultsDirectory.at(Path.of(directories[2]));
            long started = Merge.merge(List.of(one, Path.of(directories[1])), into)
                    .outcomes()
                    .started();
            into.write(ResultsDirectory.REPORT, HtmlReport.fromDirectory(into.path()));
            System.out.println("merged " + started);
        }
    }

    /** An example run whose lines are repeated, second by second, until they make a day. */
    private Path day(long seed) throws IOException {
        Path directory = Examples.writeRun(root, 2, seed, Examples.environment(seed));
        Path latencies = directory.resolve(ResultsDirectory.LATENCIES);
        long begin = 1_795_246_200_000L;
        try (StreamedFile file = StreamedFile.at(latencies)) {
            HlogWriter writer = new HlogWriter(file.stream(), begin);
            writer.append("short.connect", Examples.histogram(seed, 30), begin, begin + 1000);
            writer.append("keepalive.service", Examples.histogram(seed + 5, 30), begin, begin + 1000);
        }
        repeat(latencies, 2, "Tag=");
        repeat(directory.resolve(ResultsDirectory.TIMELINE), 2, "");
        return directory;
    }

    private static void repeat(Path file, int linesOfASecond, String start) throws IOException {
        List<String> head = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            boolean body = start.isEmpty() ? !head.isEmpty() : line.startsWith(start);
            (body ? lines : head).add(line);
        }
        try (BufferedWriter to = Files.newBufferedWriter(file)) {
            for (String line : head) {
                to.write(line + "\n");
            }
            for (int second = 0; second < DAY_SECONDS; second++) {
                for (String line : lines.subList(0, linesOfASecond)) {
                    to.write(at(line, second, start.isEmpty() ? 0 : line.indexOf(',') + 1) + "\n");
                }
            }
        }
    }

    /** The line with its time, which begins at {@code from}, moved by some seconds. */
    private static String at(String line, int seconds, int from) {
        int to = line.indexOf(',', from);
        long whole = Math.round(Double.parseDouble(line.substring(from, to)) * 1000) + 1000L * seconds;
        return line.substring(0, from) + whole / 1000 + "."
                + String.valueOf(1000 + whole % 1000).substring(1) + line.substring(to);
    }
}
