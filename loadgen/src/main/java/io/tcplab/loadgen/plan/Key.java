package io.tcplab.loadgen.plan;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A key of a profile: everything that its reader, its writer, the JSON Schema and the page of keys have to know.
 *
 * @param <R> what the key's section is read into
 * @param <T> what its value is read into
 * @param name as it is written in a profile
 * @param shape what its value may be
 * @param required whether it must be given
 * @param otherwise its value where it is not given; absent = none
 * @param getter its value in what was read; absent = not written
 * @param sentence what it means, for people
 */
record Key<R, T>(
        String name,
        Shape<T> shape,
        boolean required,
        @Nullable T otherwise,
        Function<R, @Nullable T> getter,
        String sentence) {

    /** A key that must be given. */
    static <R, T> Key<R, T> required(String name, Shape<T> shape, Function<R, @Nullable T> getter, String sentence) {
        return new Key<>(name, shape, true, null, getter, sentence);
    }

    /** A key that may be left out. */
    static <R, T> Key<R, T> optional(String name, Shape<T> shape, Function<R, @Nullable T> getter, String sentence) {
        return new Key<>(name, shape, false, null, getter, sentence);
    }

    /** A key that has a value in any case. */
    static <R, T> Key<R, T> of(
            String name, Shape<T> shape, T otherwise, Function<R, @Nullable T> getter, String sentence) {
        return new Key<>(name, shape, false, otherwise, getter, sentence);
    }

    /** Returns its value in {@code whole} as YAML knows it; absent = it is not written. */
    @Nullable
    Object write(R whole) {
        T value = getter.apply(whole);
        return value == null ? null : shape.write(value);
    }

    /** Returns the value that it has where it is not given, as YAML knows it. */
    @Nullable
    Object writtenDefault() {
        return otherwise == null ? null : shape.write(otherwise);
    }
}
