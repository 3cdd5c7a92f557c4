package io.tcplab.loadgen.run;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.connection.LoadLoop;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.IntervalReading;
import io.tcplab.loadgen.record.LatencyRecorder;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.result.HlogWriter;
import io.tcplab.loadgen.result.TimelineWriter;
import io.tcplab.loadgen.watch.TimelineRow;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * What is done with the loops' figures once a second, done often enough ahead of a load that it is compiled by then: adding up and encoding
 * histograms takes 20 ms of the compiler in one piece, which a loop that shares its CPU would wait for in the recorded part.
 */
final class HarvestRehearsal {

    /** A histogram has some 15,000 places, and the compiler begins with a loop after some 60,000 turns: with its best version as well. */
    private static final int ROUNDS = 40;

    private static final long SOME_NANOS = 50_000;

    private HarvestRehearsal() {}

    /** Plays it, with what nobody has measured; nothing of it is left but garbage. Takes some 50 ms. */
    static void play(Profile profile, List<LoadLoop> loops) {
        RouteCounts counts = new RouteCounts(profile, loops);
        LatencyTotals totals = new LatencyTotals(profile, counts);
        List<LatencyRecorder> filled = List.of(totals.newRecorder(), totals.newRecorder());
        try {
            HlogWriter hlog = new HlogWriter(OutputStream.nullOutputStream(), 0);
            TimelineWriter timeline = new TimelineWriter(OutputStream.nullOutputStream());
            for (int round = 0; round < ROUNDS; round++) {
                filled.forEach(HarvestRehearsal::fill);
                IntervalReading reading = new IntervalReading(
                        0, 1, round, counts.read(false), totals.add(filled), totals.addSteps(filled), 0);
                hlog.append(reading);
                timeline.append(
                        new TimelineRow(reading.beginSeconds(), Side.CLIENT, TimelineRow.Load.of(reading), null));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void fill(LatencyRecorder recorder) {
        recorder.reset();
        recorder.record(0, Metric.CONNECT, SOME_NANOS);
        recorder.record(0, Metric.SERVICE, SOME_NANOS);
    }
}
