package io.tcplab.loadgen.run;

import io.tcplab.kernel.Printable;
import io.tcplab.loadgen.record.Measurement;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.watch.ServerProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What befell the run itself, so that its figures say little about the target: each makes the result not valid. */
final class Mishap {

    /** A stop that takes less of the recorded part decides no percentile up to p99. */
    private static final double SHARE = 0.01;

    private Mishap() {}

    static List<Summary.Warning> of(LoadRun load, Measurement measured, Summary summary, boolean companionLost) {
        List<Summary.Warning> mishaps = new ArrayList<>();
        double stalled = load.stalledNanos() / (double) measured.recordedNanos();
        if (stalled >= SHARE || (stalled > 0 && summary.outcomes().errors() > 0)) {
            mishaps.add(new Summary.Warning(
                    "generatorStopped",
                    String.format(
                            Locale.ROOT,
                            "The generator did not run for %.1f s (%.1f s without a break): it was stopped, or the machine was"
                                    + " suspended or out of CPU. Failures and latencies in that time are caused by the generator.",
                            load.stalledNanos() / 1e9,
                            load.longestStallNanos() / 1e9),
                    "run again without stopping the generator"));
        }
        if (companionLost) {
            mishaps.add(new Summary.Warning(
                    "companionLost",
                    "The companion exited during the run: it was killed or crashed. Its counts are lost.",
                    "check its last messages on stderr and the kernel's log for the OOM killer, then run again"));
        }
        if (measured.interrupted() && load.interruptedInWarmup()) {
            mishaps.add(new Summary.Warning(
                    "nothingRecorded",
                    "The run was interrupted during its warm-up: nothing was recorded.",
                    "let it run longer, or shorten the warm-up"));
        }
        RuntimeException fault = load.fault();
        if (fault != null) {
            mishaps.add(new Summary.Warning(
                    "partFailed",
                    "A part of tcplab failed: " + fault + ". Its figures may be wrong or missing.",
                    "report this bug, with the profile"));
        }
        return mishaps;
    }

    /** A server of the user's that ended by itself: what the clients saw of it is true all the same. */
    static List<Summary.Warning> ofServer(@Nullable ServerProcess server, Measurement measured) {
        ServerProcess.Program program = server == null ? null : server.process();
        Integer code = program == null ? null : program.exitCode();
        if (program == null || code == null || measured.interrupted()) {
            return List.of();
        }
        List<String> lines = program.lastLines();
        return List.of(new Summary.Warning(
                "serverEnded",
                "The server ended with exit code " + code + " before the load did"
                        + (lines.isEmpty() ? "." : "; its last line: " + Printable.line(lines.getLast())),
                "see server.process.lastLines in summary.json"));
    }
}
