package io.tcplab.loadgen.run;

import io.tcplab.loadgen.pace.RandomBits;
import io.tcplab.loadgen.plan.Endpoint;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.IntervalReading;
import io.tcplab.loadgen.report.KernelFigures;
import io.tcplab.loadgen.report.ResultsDirectory;
import io.tcplab.loadgen.report.Summary;
import io.tcplab.loadgen.report.ThresholdCheck;
import io.tcplab.loadgen.report.TimelineRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One run from request to result: target, load, kernel's view, verdict, files. The calling thread's network namespace is the
 * generator's.
 */
public final class RunSession {

    private final RunRequest request;
    private final Consumer<IntervalReading> progress;

    /** Set once the load runs; volatile: the thread that interrupts sees it. */
    private volatile @Nullable LoadRun loadRun;

    /** Set by an interruption that came before the load ran; volatile: the running thread must see it. */
    private volatile boolean interrupted;

    public RunSession(RunRequest request, Consumer<IntervalReading> progress) {
        this.request = request;
        this.progress = progress;
    }

    /** Ends the run early, with complete partial results. May be called from any thread, at any time. */
    public void interrupt() {
        interrupted = true;
        LoadRun current = loadRun;
        if (current != null) {
            current.interrupt();
        }
    }

    /** Runs. Everything that was started is gone when it returns or throws. */
    public RunResult run() throws CannotRun {
        Profile profile = withSeed(request.profile());
        try (TargetUnderTest target = target(profile);
                RunFiles files = RunFiles.create(directory(profile), profile)) {
            return run(profile, target, files);
        } catch (IOException | UncheckedIOException e) {
            throw new CannotRun(
                    "The results cannot be written: " + e.getMessage()
                            + "; free space or name another place with --out.",
                    e);
        }
    }

    private RunResult run(Profile profile, TargetUnderTest target, RunFiles files) throws IOException {
        LoadRun load = new LoadRun(profile, target.address(), profile.seed() == null ? 0 : profile.seed());
        loadRun = load;
        if (interrupted) {
            load.interrupt();
        }
        Measurement measured = load.execute(reading -> write(files, reading));
        Summary.ServerProcess server = target.finish();
        Summary summary = SummaryBuilder.build(profile, measured, KernelFigures.NOT_OBSERVED, List.of(), server, null);
        Diagnosis diagnosis = Diagnosis.of(profile, measured, summary);
        summary = summary.withVerdict(diagnosis.valid(), diagnosis.warnings());
        summary = summary.withThresholds(ThresholdCheck.evaluate(summary, profile.thresholds()));
        files.finish(Environments.of(measured, request.isolation(), null), summary);
        return new RunResult(summary, files.path());
    }

    private TargetUnderTest target(Profile profile) throws CannotRun {
        Endpoint endpoint = profile.target();
        return endpoint == null
                ? ChildCompanion.start(profile, "127.0.0.1")
                : new TargetUnderTest.Foreign(SafeTarget.resolve(endpoint, request.mayTest()));
    }

    private ResultsDirectory directory(Profile profile) throws CannotRun {
        Path out = request.out();
        try {
            return out == null
                    ? ResultsDirectory.create(request.resultsRoot(), Instant.now(), profile.name())
                    : ResultsDirectory.at(out);
        } catch (IOException e) {
            throw new CannotRun(
                    "The results directory cannot be made: " + e.getMessage() + "; name another place with --out.", e);
        }
    }

    private void write(RunFiles files, IntervalReading reading) {
        try {
            files.append(reading);
            files.append(
                    new TimelineRow(reading.beginSeconds(), TimelineRow.CLIENT, TimelineRow.Load.of(reading), null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        progress.accept(reading);
    }

    private static Profile withSeed(Profile profile) {
        return profile.seed() == null
                ? profile.withSeed(
                        RandomBits.of(System.nanoTime(), ProcessHandle.current().pid(), 0) >>> 1)
                : profile;
    }
}
