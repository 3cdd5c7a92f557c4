package io.tcplab.loadgen.plan;

import static io.tcplab.loadgen.plan.ProfileError.Kind.SHAPE;
import static io.tcplab.loadgen.plan.ProfileError.quote;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a section of a profile gives for its keys. An unknown key is refused at once, with the nearest known one. */
final class Given {

    private final Value whole;
    private final Map<String, Node.Field> fields;

    private Given(Value whole, Map<String, Node.Field> fields) {
        this.whole = whole;
        this.fields = fields;
    }

    static Given of(Value value, Collection<String> known) {
        Map<String, Node.Field> fields = value.fields();
        for (Map.Entry<String, Node.Field> field : fields.entrySet()) {
            if (!known.contains(field.getKey())) {
                String typo = Typo.didYouMean(field.getKey(), known);
                String where = value.path().isEmpty() ? "a profile" : value.path();
                String sentence = "unknown key " + quote(field.getKey())
                        + (typo.isEmpty() ? "; the keys of " + where + " are " + String.join(", ", known) : typo);
                throw new ProfileError(SHAPE, field.getValue().keyAt(), value.path(), sentence);
            }
        }
        return new Given(value, fields);
    }

    /** The section as a whole. */
    Value whole() {
        return whole;
    }

    boolean has(String key) {
        return fields.containsKey(key);
    }

    /** The value as it was written; absent = it was not. */
    @Nullable
    Value place(String key) {
        Node.Field field = fields.get(key);
        String path = whole.path().isEmpty() ? key : whole.path() + "." + key;
        return field == null ? null : new Value(path, field.value());
    }

    /** The value as it was written, the section where it was not: a place to point to. */
    Value near(Key<?, ?> key) {
        Value value = place(key.name());
        return value == null ? whole : value;
    }

    /** As {@link #near(Key)}, by the key's name. */
    Value near(String key) {
        Value value = place(key);
        return value == null ? whole : value;
    }

    /** The key's value; absent = it was not given and has no other. */
    <T> @Nullable T find(Key<?, T> key) {
        Value value = place(key.name());
        return value == null ? key.otherwise() : key.shape().read(value);
    }

    /** The value of a key that is required or has a default. */
    <T> T of(Key<?, T> key) {
        T value = find(key);
        if (value == null) {
            throw missing(key);
        }
        return value;
    }

    /** The value as it was written, of a key that must be given. */
    Value require(Key<?, ?> key) {
        Value value = place(key.name());
        if (value == null) {
            throw missing(key);
        }
        return value;
    }

    private ProfileError missing(Key<?, ?> key) {
        return whole.shape("the key " + key.name() + " is missing: " + key.sentence());
    }

    /** Returns the name of the section's only key; it must have exactly one. */
    String only() {
        if (fields.isEmpty()) {
            throw whole.shape("is empty");
        }
        if (fields.size() > 1) {
            List<String> given = fields.entrySet().stream()
                    .map(field -> field.getKey() + " (" + field.getValue().keyAt() + ")")
                    .toList();
            throw whole.shape("must have exactly one key, not " + String.join(", ", given));
        }
        return fields.keySet().iterator().next();
    }
}
