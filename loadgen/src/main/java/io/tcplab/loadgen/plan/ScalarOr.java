package io.tcplab.loadgen.plan;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A single value where that says it all, and otherwise a section.
 *
 * @param scalar what the single value may be
 * @param section what the section may be
 * @param isPlain whether a value is written as a single one
 */
record ScalarOr<T>(Shape<T> scalar, Shape<T> section, Predicate<T> isPlain) implements Shape<T> {

    @Override
    public T read(Value value) {
        return switch (value.node()) {
            case Node.Fields _ -> section.read(value);
            case Node.Items _ -> throw value.mustBe(allowed());
            case Node.Text _ -> scalar.read(value);
        };
    }

    @Override
    public Object write(T value) {
        return (isPlain.test(value) ? scalar : section).write(value);
    }

    @Override
    public Map<String, Object> schema() {
        return JsonSchema.of("anyOf", List.of(scalar.schema(), section.schema()));
    }

    @Override
    public String allowed() {
        return scalar.allowed() + ", or " + section.allowed();
    }

    @Override
    public Map<String, Shape<?>> inside() {
        return section.inside();
    }
}
