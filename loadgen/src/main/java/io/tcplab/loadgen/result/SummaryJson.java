package io.tcplab.loadgen.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.ValueInstantiationException;

/** Reads {@code summary.json}; {@link JsonText} writes it. */
public final class SummaryJson {

    private static final String INCOMPLETE = "keys are missing, or have values of another kind";

    private SummaryJson() {}

    /**
     * The summary of a results directory.
     *
     * @throws IOException when there is none, it is not JSON, or it was written by another schema version; the message says which
     */
    public static Summary read(Path file) throws IOException {
        try {
            Summary summary = JsonText.MAPPER.readValue(Files.readString(file), Summary.class);
            if (lacksPart(summary)) {
                throw notOne(file, INCOMPLETE, null);
            }
            if (summary.schemaVersion() != Summary.SCHEMA_VERSION) {
                throw new IOException(file + " has schemaVersion " + summary.schemaVersion() + ", this version reads "
                        + Summary.SCHEMA_VERSION);
            }
            if (lacksKey(summary)) {
                throw notOne(file, INCOMPLETE, null);
            }
            return summary;
        } catch (JacksonException e) {
            // Of a record that refuses its components, Jackson's words are about classes.
            String reason = e instanceof ValueInstantiationException ? INCOMPLETE : e.getOriginalMessage();
            throw notOne(file, reason, e);
        }
    }

    private static IOException notOne(Path file, String reason, @Nullable Exception cause) {
        return new IOException(file + " is not a tcplab summary: " + reason, cause);
    }

    private static boolean lacksPart(@Nullable Summary summary) {
        return summary == null
                || Stream.of(summary.head(), summary.verdict(), summary.measured(), summary.observed())
                        .anyMatch(Objects::isNull);
    }

    /** Whether a key is missing that no version has left out: Jackson reads it as null. */
    private static boolean lacksKey(Summary summary) {
        return Stream.of(
                                summary.profile(),
                                summary.startedAt(),
                                summary.rates(),
                                summary.outcomes(),
                                summary.latencies(),
                                summary.kernel(),
                                summary.generator(),
                                summary.warmup())
                        .anyMatch(Objects::isNull)
                || summary.mixes().stream().anyMatch(each -> each.outcomes() == null || each.latencies() == null);
    }
}
