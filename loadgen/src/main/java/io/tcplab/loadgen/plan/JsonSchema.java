package io.tcplab.loadgen.plan;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** The pieces that a JSON Schema is written with. */
final class JsonSchema {

    private JsonSchema() {}

    /** Returns keys and values in this order. */
    static Map<String, Object> of(Object... keysAndValues) {
        Map<String, Object> schema = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            schema.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return schema;
    }

    /** Returns a reference to a definition. */
    static Map<String, Object> ref(String definition) {
        return of("$ref", "#/$defs/" + definition);
    }

    /** Returns the pattern for a string that matches as a whole. */
    static String whole(Pattern pattern) {
        return "^(?:" + pattern.pattern() + ")$";
    }
}
