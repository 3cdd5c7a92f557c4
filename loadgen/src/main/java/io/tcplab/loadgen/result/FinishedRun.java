package io.tcplab.loadgen.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files of a results directory, read back.
 *
 * @param directory where they are
 * @param profile the profile's text; empty when it is missing
 * @param environment absent when it is missing
 * @param latencies empty when they are missing
 * @param timeline empty when it is missing
 */
public record FinishedRun(
        Path directory,
        Summary summary,
        String profile,
        @Nullable Environment environment,
        LatencyLog latencies,
        Timeline timeline) {

    /** Reads a finished run; throws with a sentence when there is no summary or a file is damaged. */
    public static FinishedRun read(Path directory) throws IOException {
        Path summary = directory.resolve(ResultsDirectory.SUMMARY);
        if (!Files.isRegularFile(summary)) {
            throw new IOException(directory + " holds no finished run: it has no " + ResultsDirectory.SUMMARY);
        }
        Path environment = directory.resolve(ResultsDirectory.ENVIRONMENT);
        return of(
                directory,
                SummaryJson.read(summary),
                Files.isRegularFile(environment) ? Environment.read(environment) : null);
    }

    /** A run whose summary and environment are at hand; the rest is read. */
    public static FinishedRun of(Path directory, Summary summary, @Nullable Environment environment)
            throws IOException {
        Path profile = directory.resolve(ResultsDirectory.PROFILE);
        Path latencies = directory.resolve(ResultsDirectory.LATENCIES);
        Path timeline = directory.resolve(ResultsDirectory.TIMELINE);
        return new FinishedRun(
                directory,
                summary,
                Files.isRegularFile(profile) ? Files.readString(profile) : "",
                environment,
                Files.isRegularFile(latencies) ? LatencyLog.read(latencies) : new LatencyLog(new LinkedHashMap<>()),
                Files.isRegularFile(timeline) ? Timeline.read(timeline) : new Timeline(List.of()));
    }

    /** The directory's own name, by which several runs are told apart. */
    public String name() {
        Path last = directory.toAbsolutePath().normalize().getFileName();
        return last == null ? directory.toString() : last.toString();
    }
}
