package io.tcplab.loadgen.result;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Reads an HdrHistogram log, version 1.3, line by line in constant memory. {@link #next} moves to the next interval; the accessors speak
 * of that one. Errors name the file and the line. One thread.
 */
public final class HlogReader implements Closeable {

    /** Times below the start by more than a year are offsets, as HistogramLogReader of HdrHistogram takes them. */
    private static final double YEAR_SECONDS = 365 * 24 * 3600.0;

    private final Path file;
    private final Lines lines;
    private final HistogramPayload decoder = new HistogramPayload();
    private double startSeconds = Double.NaN;
    private double baseSeconds = Double.NaN;
    private String tag = "";
    private String max = "";
    private String payload = "";
    private long beginMillis;
    private long endMillis;

    public HlogReader(Path file) throws IOException {
        this.file = file;
        this.lines = new Lines(file);
    }

    /** Moves to the next interval; false behind the last. */
    public boolean next() throws IOException {
        for (String line = lines.next(); line != null; line = lines.next()) {
            try {
                if (line.startsWith("#")) {
                    readComment(line);
                } else if (!line.isBlank() && !line.startsWith("\"StartTimestamp\"")) {
                    readInterval(line);
                    return true;
                }
            } catch (NumberFormatException e) {
                throw damaged("a time is not a number: " + e.getMessage(), e);
            }
        }
        return false;
    }

    private void readComment(String line) {
        if (line.startsWith("#[StartTime: ")) {
            startSeconds = secondsIn(line);
        } else if (line.startsWith("#[BaseTime: ")) {
            baseSeconds = secondsIn(line);
        }
    }

    private static double secondsIn(String comment) {
        int from = comment.indexOf(' ') + 1;
        int to = comment.indexOf(' ', from);
        return Double.parseDouble(comment.substring(from, to < 0 ? comment.length() : to));
    }

    private void readInterval(String line) throws IOException {
        int from = 0;
        tag = "";
        if (line.startsWith("Tag=")) {
            from = comma(line, 0);
            tag = line.substring("Tag=".length(), from);
            from++;
        }
        int length = comma(line, from) + 1;
        int longest = comma(line, length) + 1;
        int encoded = comma(line, longest) + 1;
        double begin = Double.parseDouble(line.substring(from, length - 1)) + base(line.substring(from, length - 1));
        beginMillis = Math.round(begin * 1000);
        endMillis = Math.round((begin + Double.parseDouble(line.substring(length, longest - 1))) * 1000);
        max = line.substring(longest, encoded - 1);
        payload = line.substring(encoded);
    }

    private int comma(String line, int from) throws IOException {
        int at = line.indexOf(',', from);
        if (at < 0) {
            throw damaged("too few fields", null);
        }
        return at;
    }

    private double base(String first) {
        if (Double.isNaN(startSeconds)) {
            startSeconds = Double.parseDouble(first);
        }
        if (Double.isNaN(baseSeconds)) {
            baseSeconds = Double.parseDouble(first) < startSeconds - YEAR_SECONDS ? startSeconds : 0;
        }
        return baseSeconds;
    }

    private IOException damaged(String why, @Nullable Exception cause) {
        return new IOException(file + " is not an HdrHistogram log: line " + lines.number() + ": " + why, cause);
    }

    /** {@code <mix>.<metric>}; empty where the line has none. */
    public String tag() {
        return tag;
    }

    /** Milliseconds since the epoch. */
    public long beginMillis() {
        return beginMillis;
    }

    /** Milliseconds since the epoch. */
    public long endMillis() {
        return endMillis;
    }

    /** The greatest value as the line has it. */
    String max() {
        return max;
    }

    /** The histogram as the line has it. */
    String payload() {
        return payload;
    }

    /** Adds the interval's histogram, nanoseconds, to {@code sum}. */
    public void addTo(Histogram sum) throws IOException {
        try {
            decoder.addTo(sum, payload);
        } catch (IOException e) {
            throw damaged(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void close() throws IOException {
        decoder.close();
        lines.close();
    }
}
