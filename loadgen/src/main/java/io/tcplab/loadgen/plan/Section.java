package io.tcplab.loadgen.plan;

import static io.tcplab.loadgen.plan.ProfileError.Kind.SHAPE;
import static io.tcplab.loadgen.plan.ProfileError.quote;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A set of keys of which all are known: an unknown one is refused at once, with the nearest known one. */
final class Section {

    private final Value whole;
    private final Map<String, Node.Field> fields;

    private Section(Value whole, Map<String, Node.Field> fields) {
        this.whole = whole;
        this.fields = fields;
    }

    static Section of(Value value, String... keys) {
        List<String> known = List.of(keys);
        Map<String, Node.Field> fields = value.fields();
        for (Map.Entry<String, Node.Field> field : fields.entrySet()) {
            if (!known.contains(field.getKey())) {
                String typo = Typo.didYouMean(field.getKey(), known);
                String where = value.path().isEmpty() ? "a profile" : value.path();
                String sentence = "unknown key " + quote(field.getKey())
                        + (typo.isEmpty() ? "; " + where + " knows " + String.join(", ", known) : typo);
                throw new ProfileError(SHAPE, field.getValue().keyAt(), value.path(), sentence);
            }
        }
        return new Section(value, fields);
    }

    boolean has(String key) {
        return fields.containsKey(key);
    }

    @Nullable
    Value find(String key) {
        Node.Field field = fields.get(key);
        String path = whole.path().isEmpty() ? key : whole.path() + "." + key;
        return field == null ? null : new Value(path, field.value());
    }

    Value require(String key, String what) {
        Value value = find(key);
        if (value == null) {
            throw whole.shape("the key " + key + " is missing: " + what);
        }
        return value;
    }

    /** Returns the section's only value; exactly one of its keys is wanted. */
    Value only() {
        if (fields.isEmpty()) {
            throw whole.shape("is empty");
        }
        String first = fields.keySet().iterator().next();
        if (fields.size() > 1) {
            List<String> given = fields.entrySet().stream()
                    .map(f -> f.getKey() + " (" + f.getValue().keyAt() + ")")
                    .toList();
            throw whole.shape("takes exactly one of its kinds, but these are given: " + String.join(", ", given));
        }
        return require(first, "");
    }

    boolean flag(String key, boolean otherwise) {
        Value value = find(key);
        return value == null ? otherwise : value.flag();
    }

    int count(String key, int otherwise, int min, int max) {
        Value value = find(key);
        return value == null ? otherwise : value.count(min, max);
    }

    int size(String key, int otherwise, int min, int max) {
        Value value = find(key);
        return value == null ? otherwise : value.size(min, max);
    }

    long nanos(String key, long otherwise, long min, long max) {
        Value value = find(key);
        return value == null ? otherwise : value.nanos(min, max);
    }

    int seconds(String key, int otherwise, int min, int max) {
        Value value = find(key);
        return value == null ? otherwise : value.seconds(min, max);
    }

    String text(String key, String otherwise) {
        Value value = find(key);
        return value == null ? otherwise : value.text();
    }

    <T> T word(String key, T otherwise, Map<String, T> words) {
        Value value = find(key);
        return value == null ? otherwise : value.word(words);
    }

    Quantity quantity(String key, Quantity otherwise, Measure measure, long min, long max) {
        Value value = find(key);
        return value == null ? otherwise : value.quantity(measure, min, max);
    }
}
