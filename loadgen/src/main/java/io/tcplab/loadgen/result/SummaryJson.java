package io.tcplab.loadgen.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.ValueInstantiationException;

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
            // Of a record that refuses its components, Jackson's words are about classes.
            String reason = e instanceof ValueInstantiationException
                    ? "keys are missing, or have values of another kind"
                    : e.getOriginalMessage();
            throw new IOException(file + " is not a tcplab summary: " + reason, e);
        }
    }
}
