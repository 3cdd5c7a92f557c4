package io.tcplab.loadgen.plan;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * A section whose keys are not known beforehand, such as sysctls.
 *
 * @param names what a key must look like
 * @param badName what is said of a key that does not, as it follows the key
 * @param check refuses a key that has the right look
 * @param item what a value may be
 */
record FreeKeys<T>(Pattern names, String badName, BiConsumer<String, Value> check, Shape<T> item)
        implements Shape<Map<String, T>> {

    @Override
    public Map<String, T> read(Value value) {
        Map<String, T> read = new LinkedHashMap<>();
        for (String name : value.fields().keySet()) {
            Value field = value.field(name);
            if (!names.matcher(name).matches()) {
                throw field.shape(badName);
            }
            check.accept(name, field);
            read.put(name, item.read(field));
        }
        return Collections.unmodifiableMap(read);
    }

    @Override
    public Map<String, Object> write(Map<String, T> value) {
        Map<String, Object> tree = new LinkedHashMap<>();
        value.forEach((name, each) -> tree.put(name, item.write(each)));
        return tree;
    }

    @Override
    public Map<String, Object> schema() {
        Map<String, Object> schema = JsonSchema.of("type", "object");
        if (names != Shapes.ANYTHING) {
            schema.put("propertyNames", JsonSchema.of("pattern", JsonSchema.whole(names)));
        }
        schema.put("additionalProperties", item.schema());
        return schema;
    }

    @Override
    public String allowed() {
        return "keys and values";
    }

    @Override
    public Map<String, Shape<?>> inside() {
        return Map.of("*", item);
    }
}
