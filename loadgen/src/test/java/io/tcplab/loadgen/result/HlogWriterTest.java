package io.tcplab.loadgen.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.loadgen.record.IntervalReading;
import io.tcplab.loadgen.record.Metric;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogProcessor;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HlogWriterTest {

    private static final long START_MILLIS = 1_795_246_200_000L;

    @TempDir
    Path directory;

    @Test
    void hdrHistogramsOwnReaderFindsEveryIntervalWithItsTagAndTime() throws IOException {
        Path file = write(3);
        try (HistogramLogReader reader = new HistogramLogReader(Files.newInputStream(file))) {
            Histogram first = (Histogram) Objects.requireNonNull(reader.nextIntervalHistogram());
            assertThat(first.getTag()).isEqualTo("short.connect");
            assertThat(first.getStartTimeStamp()).isEqualTo(START_MILLIS);
            assertThat(first.getEndTimeStamp()).isEqualTo(START_MILLIS + 1000);
            assertThat(first).isEqualTo(interval(0));
        }
    }

    @Test
    void hdrHistogramsOwnProcessorListsTheTags() throws Exception {
        Path file = write(2);
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (PrintStream captured = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            System.setOut(captured);
            Thread processor = new HistogramLogProcessor(new String[] {"-i", file.toString(), "-listtags"});
            processor.start();
            processor.join(30_000);
        } finally {
            System.setOut(before);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("short.connect");
    }

    @Test
    void theSumOfAllIntervalsIsTheWholeRun() throws IOException {
        Histogram whole = new Histogram(3);
        for (int i = 0; i < 5; i++) {
            whole.add(interval(i));
        }
        Histogram read =
                Objects.requireNonNull(LatencyLog.read(write(5)).byTag().get("short.connect"));
        assertThat(LatencyStats.of(read)).isEqualTo(LatencyStats.of(whole));
    }

    @Test
    void aLogThatWasNeverClosedIsCompleteUpToTheLastInterval() throws IOException {
        StreamedFile file = StreamedFile.create(directory.resolve("latencies.hlog"));
        HlogWriter writer = new HlogWriter(file.stream(), START_MILLIS);
        writer.append(reading(0));
        writer.append(reading(1));
        Path part = directory.resolve(".latencies.hlog.part");
        Histogram read = Objects.requireNonNull(LatencyLog.read(part).byTag().get("short.connect"));
        assertThat(read.getTotalCount()).isEqualTo(2 * interval(0).getTotalCount());
        file.close();
    }

    @Test
    void emptyIntervalsAreLeftOut() throws IOException {
        Path path = directory.resolve("empty.hlog");
        try (StreamedFile file = StreamedFile.create(path)) {
            new HlogWriter(file.stream(), START_MILLIS)
                    .append("short.connect", new Histogram(3), START_MILLIS, START_MILLIS + 1);
        }
        assertThat(LatencyLog.read(path).byTag()).isEmpty();
    }

    @Test
    void aDamagedLogIsRefusedBySentence() throws IOException {
        Path path = write(2);
        Files.writeString(path, Files.readString(path).replace("HISTFAAA", "HISTFZZZ"));
        assertThatThrownBy(() -> LatencyLog.read(path))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not an HdrHistogram log");
    }

    private Path write(int intervals) throws IOException {
        Path path = directory.resolve("latencies.hlog");
        try (StreamedFile file = StreamedFile.create(path)) {
            HlogWriter writer = new HlogWriter(file.stream(), START_MILLIS);
            for (int i = 0; i < intervals; i++) {
                writer.append(reading(i));
            }
        }
        return path;
    }

    private static IntervalReading reading(int i) {
        return new IntervalReading(
                START_MILLIS + 1000L * i,
                START_MILLIS + 1000L * (i + 1),
                i,
                Map.of(),
                Map.of("short", Map.of(Metric.CONNECT, interval(i))),
                Map.of(),
                0);
    }

    private static Histogram interval(int i) {
        return Examples.histogram(i, 500);
    }
}
