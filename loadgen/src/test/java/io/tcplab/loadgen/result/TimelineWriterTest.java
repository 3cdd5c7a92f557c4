package io.tcplab.loadgen.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.watch.TimelineRow;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TimelineWriterTest {

    private static Map<String, String> row(TimelineRow row) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new TimelineWriter(bytes).append(row);
        List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst()).isEqualTo(String.join(",", TimelineWriter.COLUMNS));
        String[] cells = lines.getLast().split(",", -1);
        assertThat(cells).hasSameSizeAs(TimelineWriter.COLUMNS);
        Map<String, String> named = new HashMap<>();
        for (int i = 0; i < cells.length; i++) {
            named.put(TimelineWriter.COLUMNS.get(i), cells[i]);
        }
        return named;
    }

    private static TimelineRow.Kernel kernel(
            @Nullable Long queue, Map<String, Long> states, Map<String, Long> counters) {
        return new TimelineRow.Kernel(queue, queue, states, counters, 12.0346);
    }

    @Test
    void whatTheKernelShowedHasACellEach() throws IOException {
        Map<String, Long> counters = Map.of("TcpExt.TW", 7L, "TcpExt.ZLast", 2L, "TcpExt.AFirst", 1L);
        Map<String, String> row = row(new TimelineRow(
                -0.0996, Side.SERVER, null, kernel(3L, Map.of("SYN_RECV", 4L, "TIME_WAIT", 70_000L), counters)));
        assertThat(row)
                .containsEntry("second", "-0.100")
                .containsEntry("side", "server")
                .containsEntry("started", "")
                .containsEntry("acceptQueueLength", "3")
                .containsEntry("synQueueLength", "4")
                .containsEntry("timeWaitCount", "70000")
                .containsEntry("established", "0")
                .containsEntry("timeWaits", "7")
                .containsEntry("outResets", "0")
                .containsEntry("otherCounters", "TcpExt.AFirst=1 TcpExt.ZLast=2")
                .containsEntry("observeCostMicros", "12.035");
    }

    @Test
    void whatWasNotMeasuredIsEmptyAndNothingIsZero() throws IOException {
        Map<String, String> row = row(new TimelineRow(1.5, Side.CLIENT, null, kernel(null, Map.of(), Map.of())));
        assertThat(row)
                .containsEntry("second", "1.500")
                .containsEntry("acceptQueueLength", "")
                .containsEntry("timeWaitCount", "")
                .containsEntry("otherCounters", "");
        assertThat(row.entrySet().stream().filter(cell -> cell.getValue().equals("0")))
                .hasSameSizeAs(TimelineWriter.counters().keySet());
    }

    @Test
    void aLoadHasItsCountsAndPercentiles() throws IOException {
        TimelineRow.Load load = new TimelineRow.Load(
                10, 8, 1, 1, 20, 3, Map.of(Metric.CONNECT, new TimelineRow.Percentiles(8.05, 1234.5678)));
        Map<String, String> row = row(new TimelineRow(0, Side.CLIENT, load, null));
        assertThat(row)
                .containsEntry("second", "0.000")
                .containsEntry("started", "10")
                .containsEntry("exchanges", "20")
                .containsEntry("exchangeErrors", "3")
                .containsEntry("connectP50Micros", "8.050")
                .containsEntry("connectP99Micros", "1234.568")
                .containsEntry("teardownP50Micros", "")
                .containsEntry("observeCostMicros", "");
    }
}
