package io.tcplab.loadgen.view;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.tcplab.loadgen.merge.Interval;
import io.tcplab.loadgen.watch.TimelineRow;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** What a run in a process of its own says of itself to the one that started it: a line of JSON on its stdout. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
    @JsonSubTypes.Type(value = RunLine.Begins.class, name = "begins"),
    @JsonSubTypes.Type(value = RunLine.Second.class, name = "second"),
    @JsonSubTypes.Type(value = RunLine.Row.class, name = "row"),
    @JsonSubTypes.Type(value = RunLine.Sentence.class, name = "sentence")
})
public sealed interface RunLine {

    /** The recorded part begins in so many nanoseconds. */
    record Begins(long inNanos, boolean oneNamespace) implements RunLine {}

    /** A second's reading of the load, and what the figures so far give cause for. */
    record Second(Interval interval, List<Warned> warnings) implements RunLine {
        public Second {
            if (interval == null || warnings == null) {
                throw new IllegalArgumentException("a second without its reading");
            }
            warnings = List.copyOf(warnings);
        }
    }

    /** What the kernel of a side showed. */
    record Row(TimelineRow row) implements RunLine {
        public Row {
            if (row == null) {
                throw new IllegalArgumentException("a row without its figures");
            }
        }
    }

    /** Something for the reader. */
    record Sentence(String text) implements RunLine {}

    /** In one line. */
    default String line() {
        return Mapper.MAPPER.writeValueAsString(this);
    }

    /** Reads a line; null where it is another one. */
    static @Nullable RunLine of(String line) {
        if (!line.startsWith("{")) {
            return null;
        }
        try {
            return Mapper.MAPPER.readValue(line, RunLine.class);
        } catch (JacksonException _) {
            return null;
        }
    }

    /** Made when the first line is. */
    final class Mapper {
        private static final JsonMapper MAPPER = JsonMapper.builder().build();

        private Mapper() {}
    }
}
