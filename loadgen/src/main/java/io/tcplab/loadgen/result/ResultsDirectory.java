package io.tcplab.loadgen.result;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Where a run writes: {@code <root>/<UTC time>-<name>/}. Every file appears whole, by rename; {@code summary.json} comes last but for the
 * report that is made from it, so a directory with a summary is a finished run.
 *
 * @param path the directory
 */
public record ResultsDirectory(Path path) {

    public static final String PROFILE = "profile.yaml";
    public static final String ENVIRONMENT = "environment.json";
    public static final String SUMMARY = "summary.json";
    public static final String LATENCIES = "latencies.hlog";

    /** Histograms of the whole run, of what {@link #LATENCIES} does not have. */
    public static final String TOTALS = "totals.hlog";

    public static final String TIMELINE = "timeline.csv";
    public static final String REPORT = "report.html";

    /** What went over the cable between the sides, where that was asked for. */
    public static final String PACKETS = "network.pcapng";

    /** The results of several groups of generators, each in a directory of its own below this one. */
    public static final String GROUPS = "groups.json";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int MOST_IN_ONE_SECOND = 10_000;

    /**
     * Makes a new directory, and the root when there is none; when several runs of one name start in one second, the later ones end in
     * {@code -2}, {@code -3} …
     */
    public static ResultsDirectory create(Path root, Instant startedAt, String name) throws IOException {
        Files.createDirectories(root);
        String base = TIME.format(startedAt) + "-" + fileName(name);
        for (int i = 1; i < MOST_IN_ONE_SECOND; i++) {
            Path candidate = root.resolve(i == 1 ? base : base + "-" + i);
            try {
                return new ResultsDirectory(Files.createDirectory(candidate));
            } catch (FileAlreadyExistsException _) {
                // Another run of this name began in the same second; createDirectory(2) decided who has the name.
            }
        }
        throw new IOException(root + " has " + MOST_IN_ONE_SECOND + " directories " + base);
    }

    /** Uses a directory that was named by the user, making it when there is none. */
    public static ResultsDirectory at(Path directory) throws IOException {
        return new ResultsDirectory(Files.createDirectories(directory));
    }

    /** Letters, digits, dots, dashes and underscores stay; anything else becomes a dash. */
    private static String fileName(String name) {
        String safe = name.replaceAll("[^A-Za-z0-9._-]+", "-");
        String trimmed = safe.substring(0, Math.min(safe.length(), 100));
        return trimmed.isEmpty() ? "run" : trimmed;
    }

    public Path file(String name) {
        return path.resolve(name);
    }

    /** Writes a whole file. */
    public void write(String name, String text) throws IOException {
        try (StreamedFile file = stream(name)) {
            file.stream().write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Begins a file that grows during the run. */
    public StreamedFile stream(String name) throws IOException {
        return StreamedFile.create(file(name));
    }
}
