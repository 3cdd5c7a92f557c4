package io.tcplab.loadgen.run;

import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileWriter;
import io.tcplab.loadgen.record.IntervalReading;
import io.tcplab.loadgen.report.html.HtmlReport;
import io.tcplab.loadgen.result.Environment;
import io.tcplab.loadgen.result.HlogWriter;
import io.tcplab.loadgen.result.JsonText;
import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.result.StreamedFile;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.TimelineWriter;
import io.tcplab.loadgen.result.Totals;
import io.tcplab.loadgen.watch.TimelineRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The files of one run, in the order in which they are written: first what the run repeats from, last what it came to. */
final class RunFiles implements AutoCloseable {

    private static final int MILLIS_PER_SECOND = 1000;

    private final ResultsDirectory directory;
    private final StreamedFile hlogFile;
    private final StreamedFile timelineFile;
    private final HlogWriter hlog;
    private final TimelineWriter timeline;
    private final Consumer<TimelineRow> alsoTo;

    /** The first failure; volatile: rows come from several threads. */
    private volatile @Nullable IOException failure;

    private RunFiles(ResultsDirectory directory, Consumer<TimelineRow> alsoTo) throws IOException {
        this.directory = directory;
        this.alsoTo = alsoTo;
        this.hlogFile = directory.stream(ResultsDirectory.LATENCIES);
        this.hlog = new HlogWriter(hlogFile.stream(), System.currentTimeMillis());
        this.timelineFile = directory.stream(ResultsDirectory.TIMELINE);
        this.timeline = new TimelineWriter(timelineFile.stream());
    }

    /** Every row of the timeline goes to {@code alsoTo} as well. */
    static RunFiles create(ResultsDirectory directory, Profile profile, Consumer<TimelineRow> alsoTo) throws CannotRun {
        try {
            directory.write(ResultsDirectory.PROFILE, ProfileWriter.write(profile));
            return new RunFiles(directory, alsoTo);
        } catch (IOException e) {
            throw new CannotRun(
                    "The results cannot be written to " + directory.path() + ": " + e.getMessage()
                            + "; free space there or choose another place with --out.",
                    e);
        }
    }

    Path path() {
        return directory.path();
    }

    /** Appends; a failure is kept for {@link #finish}, so that a full disk ends no run. */
    void append(IntervalReading reading) {
        keep(() -> hlog.append(reading));
    }

    /** As above. */
    void append(TimelineRow row) {
        keep(() -> timeline.append(row));
        alsoTo.accept(row);
    }

    /** Writes what is left, each file that can be; returns the first failure of all, or {@code null}. */
    @Nullable
    IOException finish(Environment environment, Summary summary, Totals totals) {
        keep(this::close);
        long beginMillis = summary.startedAt().toEpochMilli();
        keep(() -> totals.write(
                directory, beginMillis, beginMillis + Math.round(summary.durationSeconds() * MILLIS_PER_SECOND)));
        keep(() -> directory.write(ResultsDirectory.ENVIRONMENT, environment.toJson()));
        keep(() -> directory.write(ResultsDirectory.SUMMARY, JsonText.of(summary)));
        keep(() -> directory.write(ResultsDirectory.REPORT, HtmlReport.of(directory.path(), summary, environment)));
        return failure;
    }

    private interface Writing {
        void write() throws IOException;
    }

    private void keep(Writing writing) {
        try {
            writing.write();
        } catch (IOException e) {
            failure = failure == null ? e : failure;
        } catch (RuntimeException e) {
            failure = failure == null ? new IOException("a bug in tcplab: " + e, e) : failure;
        }
    }

    @Override
    public void close() throws IOException {
        try (timelineFile) {
            hlogFile.close();
        }
    }
}
