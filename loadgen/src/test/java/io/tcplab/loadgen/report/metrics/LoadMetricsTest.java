package io.tcplab.loadgen.report.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.companion.control.MetricsPage;
import io.tcplab.kernel.Side;
import io.tcplab.loadgen.plan.ProfileReader;
import io.tcplab.loadgen.watch.TimelineRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Gauges of the kernel show what was seen last, and nothing that is over. */
@Timeout(60)
class LoadMetricsTest {

    @TempDir
    private Path directory;

    private LoadMetrics metrics;

    @BeforeEach
    void readProfile() throws IOException {
        Path profile = Files.writeString(directory.resolve("short.yaml"), """
                connections: 10
                load: {closed: {concurrency: 1}}
                mix: [{name: short, exchanges: 1}]
                """);
        metrics = new LoadMetrics(ProfileReader.read(profile, List.of()));
    }

    private static TimelineRow.Kernel seen(@Nullable Long queue, Map<String, Long> states) {
        return new TimelineRow.Kernel(queue, queue == null ? null : 16L, states, Map.of(), 1);
    }

    private String pageAfter(TimelineRow.Kernel kernel) throws IOException {
        metrics.add(new TimelineRow(1, Side.SERVER, null, kernel));
        return new MetricsPage(metrics.registry()).page("").body().toString(StandardCharsets.UTF_8);
    }

    private static String sockets(String state, int count) {
        return "tcplab_kernel_sockets{side=\"server\",state=\"" + state + "\"} " + count + ".0\n";
    }

    @Test
    void aStateThatNoSocketIsInAnyMoreIsZero() throws IOException {
        assertThat(pageAfter(seen(3L, Map.of("SYN_RECV", 40L, "ESTABLISHED", 3L, "TIME_WAIT", 5L))))
                .contains(sockets("SYN_RECV", 40), sockets("ESTABLISHED", 3), sockets("TIME_WAIT", 5));
        assertThat(pageAfter(seen(0L, Map.of("LISTEN", 1L))))
                .as("ESTABLISHED and TIME_WAIT are counted more rarely")
                .contains(sockets("SYN_RECV", 0), sockets("ESTABLISHED", 3), sockets("TIME_WAIT", 5));
        assertThat(pageAfter(seen(0L, Map.of())))
                .as("no states were read")
                .contains(sockets("LISTEN", 1), sockets("ESTABLISHED", 3));
        assertThat(pageAfter(seen(0L, Map.of("TIME_WAIT", 7L))))
                .contains(sockets("LISTEN", 0), sockets("ESTABLISHED", 0), sockets("TIME_WAIT", 7));
    }

    @Test
    void aListenerThatHasGoneHasNoQueue() throws IOException {
        String queue = "tcplab_kernel_accept_queue_length{side=\"server\"}";
        assertThat(pageAfter(seen(17L, Map.of()))).contains(queue + " 17.0\n");
        assertThat(pageAfter(seen(null, Map.of()))).doesNotContain(queue);
    }

    @Test
    void rowsThatAreSentTogetherEndInTheStatesOfTheLast() {
        TimelineRow.Kernel first = seen(3L, Map.of("SYN_RECV", 40L, "TIME_WAIT", 5L));
        assertThat(first.then(seen(0L, Map.of("LISTEN", 1L))).states())
                .containsExactlyInAnyOrderEntriesOf(Map.of("SYN_RECV", 0L, "LISTEN", 1L, "TIME_WAIT", 5L));
    }
}
