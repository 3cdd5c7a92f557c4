package io.tcplab.loadgen.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;

/** Reads {@code summary.json}; {@link JsonText} writes it. */
public final class SummaryJson {

    private SummaryJson() {}

    /**
     * The summary of a results directory.
     *
     * @throws IOException when there is none, it is not JSON, or it was written by another schema version; the message says which
     */
    public static Summary read(Path file) throws IOException {
        try {
            Summary summary = JsonText.MAPPER.readValue(Files.readString(file), Summary.class);
            if (summary.schemaVersion() != Summary.SCHEMA_VERSION) {
                throw new IOException(file + " has schemaVersion " + summary.schemaVersion() + ", this version reads "
                        + Summary.SCHEMA_VERSION);
            }
            return summary;
        } catch (JacksonException e) {
            throw new IOException(file + " is not a tcplab summary: " + e.getOriginalMessage(), e);
        }
    }
}
