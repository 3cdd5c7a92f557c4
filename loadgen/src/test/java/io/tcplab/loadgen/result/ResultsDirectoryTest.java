package io.tcplab.loadgen.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.watch.TimelineRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ResultsDirectoryTest {

    @TempDir
    Path root;

    @Test
    void theNameTellsTheTimeAndTheProfile() throws IOException {
        assertThat(ResultsDirectory.create(root.resolve("results"), Examples.STARTED_AT, "short-vs-keepalive")
                        .path())
                .isEqualTo(root.resolve("results/20261121T073000Z-short-vs-keepalive"))
                .isDirectory();
    }

    @Test
    void twoRunsInOneSecondHaveTwoDirectories() throws IOException {
        Path first = ResultsDirectory.create(root, Examples.STARTED_AT, "short").path();
        Path second =
                ResultsDirectory.create(root, Examples.STARTED_AT, "short").path();
        assertThat(second).isNotEqualTo(first).hasFileName("20261121T073000Z-short-2");
    }

    @Test
    void aNameCannotLeaveTheRoot() throws IOException {
        Path path = ResultsDirectory.create(root, Examples.STARTED_AT, "../../etc/a b")
                .path();
        assertThat(path.getParent()).isEqualTo(root);
    }

    @Test
    void aStreamedFileHasItsNameOnlyWhenItIsWhole() throws IOException {
        ResultsDirectory directory = ResultsDirectory.create(root, Examples.STARTED_AT, "short");
        try (StreamedFile file = directory.stream(ResultsDirectory.TIMELINE)) {
            file.stream().write("second,side\n".getBytes(StandardCharsets.UTF_8));
            file.stream().flush();
            assertThat(directory.file(ResultsDirectory.TIMELINE)).doesNotExist();
        }
        assertThat(directory.file(ResultsDirectory.TIMELINE)).hasContent("second,side");
        try (var files = Files.list(directory.path())) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void anEnvironmentIsReadBackAsItWasWritten() throws IOException {
        Environment environment = Examples.environment(4026531840L);
        ResultsDirectory directory = ResultsDirectory.create(root, Examples.STARTED_AT, "short");
        directory.write(ResultsDirectory.ENVIRONMENT, environment.toJson());
        assertThat(Environment.read(directory.file(ResultsDirectory.ENVIRONMENT)))
                .isEqualTo(environment);
    }

    @Test
    void everyTimelineRowHasEveryColumn() throws IOException {
        ResultsDirectory directory = ResultsDirectory.create(root, Examples.STARTED_AT, "short");
        Examples.writeTimeline(directory, 3);
        List<String> lines = Files.readAllLines(directory.file(ResultsDirectory.TIMELINE));
        assertThat(lines).hasSize(7);
        assertThat(lines.getFirst())
                .startsWith("second,side,started,completed,errors,inFlight,exchanges,exchangeErrors,connectP50Micros");
        assertThat(lines).allSatisfy(line -> assertThat(line.split(",", -1)).hasSize(TimelineWriter.COLUMNS.size()));
    }

    @Test
    void aCounterWithoutAColumnIsNotLost() throws IOException {
        ResultsDirectory directory = ResultsDirectory.create(root, Examples.STARTED_AT, "short");
        try (StreamedFile file = directory.stream(ResultsDirectory.TIMELINE)) {
            new TimelineWriter(file.stream())
                    .append(new TimelineRow(
                            0.1,
                            Side.SERVER,
                            null,
                            new TimelineRow.Kernel(
                                    17L,
                                    16L,
                                    Map.of(),
                                    Map.of("TcpExt.TCPNew", 3L, "TcpExt.ListenDrops", 2L, "Tcp.InErrs", 1L),
                                    48)));
        }
        List<String> cells = List.of(Files.readAllLines(directory.file(ResultsDirectory.TIMELINE))
                .getLast()
                .split(",", -1));
        assertThat(cells.get(TimelineWriter.COLUMNS.indexOf("otherCounters")))
                .isEqualTo("Tcp.InErrs=1 TcpExt.TCPNew=3");
        assertThat(cells.get(TimelineWriter.COLUMNS.indexOf("listenDrops"))).isEqualTo("2");
        assertThat(cells.get(TimelineWriter.COLUMNS.indexOf("acceptQueueLength")))
                .isEqualTo("17");
        assertThat(cells.get(TimelineWriter.COLUMNS.indexOf("established"))).isEmpty();
    }
}
