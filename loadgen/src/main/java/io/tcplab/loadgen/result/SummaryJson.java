package io.tcplab.loadgen.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Writes and reads {@code summary.json} and {@code environment.json}; keys keep the order of the records' components. */
public final class SummaryJson {

    public static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private SummaryJson() {}

    /** The text of {@code summary.json}, indented, with a newline at its end. */
    public static String write(Summary summary) {
        return MAPPER.writeValueAsString(summary) + "\n";
    }

    /** The text of any record of facts in the same form, for the {@code --json} of other commands. */
    public static String writeValue(Object facts) {
        return MAPPER.writeValueAsString(facts) + "\n";
    }

    /**
     * The summary of a results directory.
     *
     * @throws IOException when there is none, it is not JSON, or it was written by another schema version; the message says which
     */
    public static Summary read(Path file) throws IOException {
        try {
            Summary summary = MAPPER.readValue(Files.readString(file), Summary.class);
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
