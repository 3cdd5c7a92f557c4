package io.tcplab.loadgen.plan;

import java.util.List;
import java.util.Map;

/** A single value, or a list of them. */
record OneOrMore(Shape<String> item) implements Shape<List<String>> {

    @Override
    public List<String> read(Value value) {
        List<Value> items = value.node() instanceof Node.Text ? List.of(value) : value.items();
        return items.stream().map(item::read).toList();
    }

    @Override
    public Object write(List<String> value) {
        return value.stream().map(item::write).toList();
    }

    @Override
    public Map<String, Object> schema() {
        Map<String, Object> one = item.schema();
        return JsonSchema.of("anyOf", List.of(one, JsonSchema.of("type", "array", "items", one)));
    }

    @Override
    public String allowed() {
        return item.allowed() + ", or a list";
    }
}
