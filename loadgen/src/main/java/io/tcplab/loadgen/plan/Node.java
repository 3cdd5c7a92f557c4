package io.tcplab.loadgen.plan;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A piece of a profile as it was written, with its place. */
sealed interface Node {

    /** Where it begins. */
    Mark at();

    /** What it is, in words for an error message. */
    String kind();

    /** What {@code node} has under {@code key}; absent where it is no set of keys, or has none such. */
    static @Nullable Node child(@Nullable Node node, String key) {
        Node.Field field = node instanceof Node.Fields fields ? fields.fields().get(key) : null;
        return field == null ? null : field.value();
    }

    /**
     * A scalar.
     *
     * @param value its characters; units and numbers are read from them, so that no YAML schema can change them
     * @param plain without quotation marks
     */
    record Text(Mark at, String value, boolean plain) implements Node {

        private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");

        /** Whether YAML reads it as null: the key is there and its value is not. */
        boolean isNull() {
            return plain && NULLS.contains(value);
        }

        @Override
        public String kind() {
            return isNull() ? "empty" : ProfileError.quote(value);
        }
    }

    /** Keys and values, in the order in which they were written. */
    record Fields(Mark at, Map<String, Field> fields) implements Node {
        public Fields {
            fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        }

        /** Returns a copy in which {@code key} has the value {@code node}, at the end if it is new. */
        Fields with(String key, Node node) {
            Map<String, Field> copy = new LinkedHashMap<>(fields);
            copy.put(key, new Field(node.at(), node));
            return new Fields(at, copy);
        }

        /** Returns a copy without {@code key}. */
        Fields without(String key) {
            Map<String, Field> copy = new LinkedHashMap<>(fields);
            copy.remove(key);
            return new Fields(at, copy);
        }

        @Override
        public String kind() {
            return "a set of keys";
        }
    }

    /** A key's value, and where the key stands. */
    record Field(Mark keyAt, Node value) {}

    /** A list. */
    record Items(Mark at, List<Node> items) implements Node {
        public Items {
            items = List.copyOf(items);
        }

        @Override
        public String kind() {
            return "a list";
        }
    }
}
