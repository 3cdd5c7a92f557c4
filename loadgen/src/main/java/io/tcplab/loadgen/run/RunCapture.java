package io.tcplab.loadgen.run;

import io.tcplab.kernel.cable.Cable;
import io.tcplab.kernel.cable.Capture;
import io.tcplab.loadgen.result.ResultsDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/** The capture of a run: {@code network.pcapng} of its results, and under the name that the user gave. */
final class RunCapture implements AutoCloseable {

    private final Cable cable;
    private final Capture capture;
    private final Path inResults;
    private final @Nullable Path asked;
    private boolean closed;

    private RunCapture(Cable cable, Capture capture, Path inResults, @Nullable Path asked) {
        this.cable = cable;
        this.capture = capture;
        this.inResults = inResults;
        this.asked = asked;
    }

    static RunCapture begin(PcapOption option, Path results, Cable cable) throws IOException {
        Path file = results.resolve(ResultsDirectory.PACKETS);
        Capture capture = new Capture(file, option.slowest());
        cable.capture(capture);
        return new RunCapture(cable, capture, file, option.file());
    }

    void secret(byte[] line) {
        capture.secret(line);
    }

    /** How many packets are missing because the disk was too slow. */
    long lost() {
        return capture.lost();
    }

    /** Ends it; the file is complete then. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        cable.capture(null);
        capture.close();
        if (asked != null
                && !asked.toAbsolutePath()
                        .normalize()
                        .equals(inResults.toAbsolutePath().normalize())) {
            putAt(asked);
        }
    }

    /** A second name of the same file, or a copy on another file system. */
    private void putAt(Path file) throws IOException {
        Files.deleteIfExists(file);
        try {
            Files.createLink(file, inResults);
        } catch (IOException | UnsupportedOperationException _) {
            Files.copy(inResults, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
