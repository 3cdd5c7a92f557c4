package io.tcplab.loadgen.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.loadgen.record.LatencyRecorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HlogReaderTest {

    private static final long START_MILLIS = 1_795_246_200_000L;

    @TempDir
    Path directory;

    @Test
    void everyHistogramIsWhatHdrHistogramsOwnReaderMakesOfIt() throws IOException {
        Path file = directory.resolve("latencies.hlog");
        SplittableRandom random = new SplittableRandom(7);
        try (StreamedFile to = StreamedFile.create(file)) {
            HlogWriter writer = new HlogWriter(to.stream(), START_MILLIS);
            for (int i = 0; i < 200; i++) {
                writer.append("a.connect", any(random), START_MILLIS + 1000L * i, START_MILLIS + 1000L * i + 999);
            }
        }
        try (HistogramLogReader theirs = new HistogramLogReader(Files.newInputStream(file));
                HlogReader ours = new HlogReader(file)) {
            while (ours.next()) {
                Histogram expected = (Histogram) Objects.requireNonNull(theirs.nextIntervalHistogram());
                Histogram read = expected.copy();
                read.reset();
                ours.addTo(read);
                assertThat(LatencyStats.of(read)).isEqualTo(LatencyStats.of(expected));
                assertThat(ours.beginMillis()).isEqualTo(expected.getStartTimeStamp());
                assertThat(ours.endMillis()).isEqualTo(expected.getEndTimeStamp());
                assertThat(ours.tag()).isEqualTo(expected.getTag());
            }
            assertThat(theirs.hasNext()).isFalse();
        }
    }

    /** Few or many values, over any part of the range, with two, three or five digits, at times with another unit. */
    private static Histogram any(SplittableRandom random) {
        long lowest = 1L << random.nextInt(5);
        Histogram histogram = new Histogram(
                lowest, LatencyRecorder.LIMIT_NANOS, List.of(2, 3, 5).get(random.nextInt(3)));
        long most = 1L << random.nextInt(1, 42);
        for (int i = random.nextInt(1, 3000); i > 0; i--) {
            histogram.recordValueWithCount(
                    Math.min(random.nextLong(most), LatencyRecorder.LIMIT_NANOS), 1L << random.nextInt(30));
        }
        return histogram;
    }

    @Test
    void logsArePutTogetherByTimeAndHdrHistogramStillReadsThem() throws IOException {
        Path odd = log("odd.hlog", 1, 3, 5, 7);
        Path even = log("even.hlog", 0, 2, 4);
        Path both = directory.resolve("both.hlog");
        try (StreamedFile to = StreamedFile.create(both)) {
            LatencyLog.concatenate(List.of(odd, even), to);
        }
        try (HistogramLogReader reader = new HistogramLogReader(Files.newInputStream(both))) {
            for (int i : new int[] {0, 1, 2, 3, 4, 5, 7}) {
                Histogram next = (Histogram) Objects.requireNonNull(reader.nextIntervalHistogram());
                assertThat(next.getStartTimeStamp()).isEqualTo(START_MILLIS + 1000L * i);
                assertThat(next).isEqualTo(Examples.histogram(i, 100));
            }
            assertThat(reader.hasNext()).isFalse();
        }
    }

    private Path log(String name, int... seconds) throws IOException {
        Path file = directory.resolve(name);
        try (StreamedFile to = StreamedFile.create(file)) {
            HlogWriter writer = new HlogWriter(to.stream(), START_MILLIS);
            for (int i : seconds) {
                long begin = START_MILLIS + 1000L * i;
                writer.append("a.connect", Examples.histogram(i, 100), begin, begin + 1000);
            }
        }
        return file;
    }

    @Test
    void aDamagedLineIsNamed() throws IOException {
        Path file = log("damaged.hlog", 0, 1);
        List<String> lines = Files.readAllLines(file);
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 300; i++) {
            StringBuilder last = new StringBuilder(lines.getLast());
            int at = random.nextInt("Tag=a.connect,".length(), last.length());
            last.setCharAt(at, (char) random.nextInt(32, 127));
            if (random.nextBoolean()) {
                last.setLength(at);
            }
            Files.write(file, List.of(lines.getFirst(), last));
            try {
                LatencyLog.read(file);
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("line 2:").hasMessageStartingWith(file.toString());
            }
        }
    }

    @Test
    void aLineWithoutAnEndIsRefusedBeforeItFillsTheMemory() throws IOException {
        Path file = directory.resolve("endless.hlog");
        Files.writeString(file, "x".repeat(Lines.LONGEST + 1));
        assertThatThrownBy(() -> LatencyLog.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a line of more than");
    }
}
