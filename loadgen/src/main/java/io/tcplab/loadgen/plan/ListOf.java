package io.tcplab.loadgen.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A list.
 *
 * @param item what its elements may be
 * @param least of them there must be
 * @param most of them there may be
 */
record ListOf<T>(Shape<T> item, int least, int most) implements Shape<List<T>> {

    @Override
    public List<T> read(Value value) {
        List<Value> items = value.items();
        if (items.size() < least) {
            throw value.shape("is empty; it needs at least " + least + " element" + (least == 1 ? "" : "s"));
        }
        if (items.size() > most) {
            throw value.meaning("has " + items.size() + " elements; at most " + most + " are allowed");
        }
        List<T> read = new ArrayList<>();
        items.forEach(each -> read.add(item.read(each)));
        return read;
    }

    @Override
    public List<Object> write(List<T> value) {
        List<Object> tree = new ArrayList<>();
        value.forEach(each -> tree.add(item.write(each)));
        return tree;
    }

    @Override
    public Map<String, Object> schema() {
        Map<String, Object> schema = JsonSchema.of("type", "array");
        if (least > 0) {
            schema.put("minItems", least);
        }
        schema.put("items", item.schema());
        return schema;
    }

    @Override
    public String allowed() {
        return "a list";
    }

    @Override
    public Map<String, Shape<?>> inside() {
        return Map.of("*", item);
    }
}
