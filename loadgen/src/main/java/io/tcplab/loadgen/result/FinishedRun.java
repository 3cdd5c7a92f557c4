package io.tcplab.loadgen.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The files of a results directory, read back.
 *
 * @param directory where they are
 * @param profile the profile's text; empty when it is missing
 * @param environment absent when it is missing
 * @param latencies empty when they are missing
 */
public record FinishedRun(
        Path directory,
        Summary summary,
        String profile,
        @Nullable Environment environment,
        LatencyLog latencies) {

    /** Reads a finished run; throws with a sentence when there is no summary or a file is damaged. */
    public static FinishedRun read(Path directory) throws IOException {
        FinishedRun run = withoutLatencies(directory);
        return of(directory, run.summary, run.environment);
    }

    /** The same without its latencies, for which the whole log would be read. */
    public static FinishedRun withoutLatencies(Path directory) throws IOException {
        Path summary = directory.resolve(ResultsDirectory.SUMMARY);
        if (!Files.isRegularFile(summary)) {
            throw new IOException(directory + " holds no finished run: it has no " + ResultsDirectory.SUMMARY);
        }
        Path environment = directory.resolve(ResultsDirectory.ENVIRONMENT);
        return new FinishedRun(
                directory,
                SummaryJson.read(summary),
                profile(directory),
                Files.isRegularFile(environment) ? Environment.read(environment) : null,
                new LatencyLog(new LinkedHashMap<>()));
    }

    private static String profile(Path directory) throws IOException {
        Path profile = directory.resolve(ResultsDirectory.PROFILE);
        return Files.isRegularFile(profile) ? Files.readString(profile) : "";
    }

    /** A run whose summary and environment are at hand; the rest is read. */
    public static FinishedRun of(Path directory, Summary summary, @Nullable Environment environment)
            throws IOException {
        Path latencies = directory.resolve(ResultsDirectory.LATENCIES);
        return new FinishedRun(
                directory,
                summary,
                profile(directory),
                environment,
                Files.isRegularFile(latencies) ? LatencyLog.read(latencies) : new LatencyLog(new LinkedHashMap<>()));
    }

    /** The timeline in {@code most} points at most, read anew; empty when it is missing. */
    public Timeline timeline(int most) throws IOException {
        Path timeline = directory.resolve(ResultsDirectory.TIMELINE);
        return Files.isRegularFile(timeline) ? Timeline.read(timeline, most) : Timeline.empty();
    }

    /** The directory's own name, by which several runs are told apart. */
    public String name() {
        Path last = directory.toAbsolutePath().normalize().getFileName();
        return last == null ? directory.toString() : last.toString();
    }
}
