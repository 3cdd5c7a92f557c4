package io.tcplab.loadgen.plan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A section that has exactly one of some keys, each for another kind of the same thing.
 *
 * @param <T> the thing
 */
record Choice<T>(List<Kind<? extends T>> kinds) implements Shape<T> {

    /**
     * One of the kinds.
     *
     * @param name the key
     * @param type what it is read into
     * @param shape what its value may be
     * @param sentence what it means, for people
     */
    record Kind<K>(String name, Class<K> type, Shape<K> shape, String sentence) {

        Object write(Object value) {
            return shape.write(type.cast(value));
        }
    }

    Choice {
        kinds = List.copyOf(kinds);
    }

    @Override
    public T read(Value value) {
        Given given = Given.of(value, names());
        String name = given.only();
        Kind<? extends T> kind = kinds.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
        return kind.shape().read(value.field(name));
    }

    private List<String> names() {
        return kinds.stream().<String>map(Kind::name).toList();
    }

    @Override
    public Map<String, Object> write(T value) {
        Kind<? extends T> kind = kinds.stream()
                .filter(each -> each.type().isInstance(value))
                .findFirst()
                .orElseThrow();
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put(kind.name(), kind.write(value));
        return tree;
    }

    @Override
    public Map<String, Object> schema() {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (Kind<?> kind : kinds) {
            Map<String, Object> schema = new LinkedHashMap<>();
            schema.put("description", kind.sentence());
            schema.putAll(kind.shape().schema());
            properties.put(kind.name(), schema);
        }
        return JsonSchema.of(
                "type",
                "object",
                "additionalProperties",
                false,
                "properties",
                properties,
                "minProperties",
                1,
                "maxProperties",
                1);
    }

    @Override
    public String allowed() {
        return "exactly one of " + String.join(", ", names());
    }

    @Override
    public Map<String, Shape<?>> inside() {
        Map<String, Shape<?>> inside = new LinkedHashMap<>();
        kinds.forEach(kind -> inside.put(kind.name(), kind.shape()));
        return inside;
    }
}
