package io.tcplab.loadgen.plan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A section with keys of its own.
 *
 * @param <R> what it is read into
 * @param keys in the order in which they are written
 * @param make makes the whole of what is given, and refuses what does not go together
 */
record Form<R>(List<Key<R, ?>> keys, Function<Given, R> make) implements Shape<R> {

    Form {
        keys = List.copyOf(keys);
    }

    @Override
    public R read(Value value) {
        return make.apply(Given.of(value, names()));
    }

    List<String> names() {
        return keys.stream().map(Key::name).toList();
    }

    @Override
    public Map<String, Object> write(R whole) {
        Map<String, Object> tree = new LinkedHashMap<>();
        for (Key<R, ?> key : keys) {
            Object value = key.write(whole);
            if (value != null) {
                tree.put(key.name(), value);
            }
        }
        return tree;
    }

    @Override
    public Map<String, Object> schema() {
        Map<String, Object> properties = new LinkedHashMap<>();
        keys.forEach(key -> properties.put(key.name(), schema(key)));
        Map<String, Object> schema =
                JsonSchema.of("type", "object", "additionalProperties", false, "properties", properties);
        List<String> required =
                keys.stream().filter(Key::required).map(Key::name).toList();
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        return schema;
    }

    private static Map<String, Object> schema(Key<?, ?> key) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("description", key.sentence());
        schema.putAll(key.shape().schema());
        Object otherwise = key.writtenDefault();
        if (otherwise != null) {
            schema.put("default", otherwise);
        }
        return schema;
    }

    @Override
    public String allowed() {
        return "keys and values";
    }

    @Override
    public Map<String, Shape<?>> inside() {
        Map<String, Shape<?>> inside = new LinkedHashMap<>();
        keys.forEach(key -> inside.put(key.name(), key.shape()));
        return inside;
    }
}
