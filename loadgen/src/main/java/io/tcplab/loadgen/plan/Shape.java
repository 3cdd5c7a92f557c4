package io.tcplab.loadgen.plan;

import java.util.Map;
import java.util.function.Function;

/**
 * What the value of a key may be: it reads, writes and describes itself, so that the reader, the writer, the JSON Schema and the page of
 * keys cannot differ.
 */
interface Shape<T> {

    /** Returns what {@code value} says; throws {@link ProfileError} where it cannot be. */
    T read(Value value);

    /** Returns {@code value} as YAML knows it: a String, Long, BigDecimal or Boolean, or a List or Map of these. */
    Object write(T value);

    /** Returns its JSON Schema (draft 2020-12), without description and default. */
    Map<String, Object> schema();

    /** Returns what is allowed, as it goes on from "must be": {@code a time from 1ms to 1h, such as 10ms}. */
    String allowed();

    /** Returns the shapes of the values inside, by key; {@code *} stands for an element of a list, or a free key. */
    default Map<String, Shape<?>> inside() {
        return Map.of();
    }

    /** Returns the shape of the value that {@code key} leads to; this one where nothing is inside. */
    default Shape<?> inside(String key) {
        Shape<?> any = inside().getOrDefault("*", this);
        return inside().getOrDefault(key, any);
    }

    /** Returns the same values as another type. */
    default <U> Shape<U> as(Function<T, U> in, Function<U, T> out) {
        Shape<T> self = this;
        return new Shape<>() {
            @Override
            public U read(Value value) {
                return in.apply(self.read(value));
            }

            @Override
            public Object write(U value) {
                return self.write(out.apply(value));
            }

            @Override
            public Map<String, Object> schema() {
                return self.schema();
            }

            @Override
            public String allowed() {
                return self.allowed();
            }

            @Override
            public Map<String, Shape<?>> inside() {
                return self.inside();
            }
        };
    }
}
