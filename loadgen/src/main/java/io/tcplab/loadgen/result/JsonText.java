package io.tcplab.loadgen.result;

import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** How every JSON of ours is written and read: indented, keys in the order of the records' components or of the map. */
public final class JsonText {

    public static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private JsonText() {}

    /** The facts as one JSON value, with a newline at its end. */
    public static String of(Object facts) {
        return MAPPER.writeValueAsString(facts) + "\n";
    }
}
