package io.tcplab.loadgen.fleet;

import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.result.StreamedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A generator's result as it arrives: the files of a results directory and no others, each whole or not at all. One thread.
 */
final class ReceivedFiles implements AutoCloseable {

    /** What travels; the page can be made anew. */
    static final List<String> NAMES = List.of(
            ResultsDirectory.PROFILE,
            ResultsDirectory.ENVIRONMENT,
            ResultsDirectory.LATENCIES,
            ResultsDirectory.TOTALS,
            ResultsDirectory.TIMELINE,
            ResultsDirectory.SUMMARY);

    private static final long MOST_BYTES = 8L << 30;

    private final ResultsDirectory directory;
    private final Map<String, StreamedFile> open = new LinkedHashMap<>();
    private long bytes;
    private boolean closed;

    private ReceivedFiles(ResultsDirectory directory) {
        this.directory = directory;
    }

    static ReceivedFiles into(Path directory) throws IOException {
        return new ReceivedFiles(ResultsDirectory.at(directory));
    }

    void append(String name, byte[] piece) throws IOException {
        bytes += piece.length;
        if (!NAMES.contains(name) || bytes > MOST_BYTES || closed) {
            throw new IOException("it sends what is not part of a result");
        }
        StreamedFile file = open.get(name);
        if (file == null) {
            file = directory.stream(name);
            open.put(name, file);
        }
        file.stream().write(piece);
    }

    /** All has arrived: the files take their names. */
    void finish() throws IOException {
        closed = true;
        if (!open.containsKey(ResultsDirectory.SUMMARY) || !open.containsKey(ResultsDirectory.LATENCIES)) {
            throw new IOException("it sent no result");
        }
        for (StreamedFile file : open.values()) {
            file.close();
        }
    }

    /** What has not arrived whole is left under its part's name. */
    @Override
    public void close() {
        closed = true;
    }
}
