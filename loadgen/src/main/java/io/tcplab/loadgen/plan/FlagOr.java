package io.tcplab.loadgen.plan;

import java.util.List;
import java.util.Map;

/**
 * True, false, or keys of its own.
 *
 * @param form what the keys may be
 * @param on what {@code true} stands for
 * @param off what {@code false} stands for
 */
record FlagOr<T>(Form<T> form, T on, T off) implements Shape<T> {

    @Override
    public T read(Value value) {
        if (value.node() instanceof Node.Fields) {
            return form.read(value);
        } else if (value.node() instanceof Node.Text text && !text.isNull()) {
            return value.flag() ? on : off;
        }
        throw value.mustBe(allowed());
    }

    @Override
    public Object write(T value) {
        return value.equals(off) ? (Object) false : form.write(value);
    }

    @Override
    public Map<String, Object> schema() {
        return JsonSchema.of("anyOf", List.of(JsonSchema.of("type", "boolean"), form.schema()));
    }

    @Override
    public String allowed() {
        return "true, false, or keys of its own";
    }

    @Override
    public Map<String, Shape<?>> inside() {
        return form.inside();
    }
}
