package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileReader;
import io.tcplab.loadgen.record.LatencyRecorder;
import io.tcplab.loadgen.record.Metric;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is rehearsed is what a profile's loops are harvested with, and leaves nothing. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class HarvestRehearsalTest {

    private static Profile profile(String line) {
        String mix = line.startsWith("mix:") ? "" : "mix: [{name: only}]\n";
        return ProfileReader.read(
                "rehearsed", "duration: 1s\nload: {closed: {concurrency: 1}}\n" + mix + line + "\n", List.of());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "protocol: http",
                "protocol: {script: [{loop: [{send: a, name: ask}, {expect: b, name: hear}]}]}",
                "targets: [{at: '127.0.0.1:9001', weight: 2}, {at: '127.0.0.1:9002'}]",
                "mix: [{name: one, weight: 1}, {name: two, weight: 3, exchanges: 2}]"
            })
    void everyKindOfProfileCanBeRehearsed(String kind) {
        HarvestRehearsal.play(profile(kind), List.of());
    }

    @Test
    void nothingOfItIsInTheTotals() {
        Profile profile = profile("protocol: echo");
        RouteCounts counts = new RouteCounts(profile, List.of());
        LatencyTotals totals = new LatencyTotals(profile, counts);
        LatencyRecorder recorder = totals.newRecorder();
        recorder.record(0, Metric.CONNECT, 1_000);
        totals.add(List.of(recorder));
        HarvestRehearsal.play(profile, List.of());
        assertThat(totals.latencies().values()).allSatisfy(each -> {
            assertThat(each).containsOnlyKeys(Metric.CONNECT);
            assertThat(each.get(Metric.CONNECT).getTotalCount()).isOne();
        });
    }
}
