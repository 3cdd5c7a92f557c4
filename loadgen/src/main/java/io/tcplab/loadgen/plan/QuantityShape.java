package io.tcplab.loadgen.plan;

import static io.tcplab.loadgen.plan.ProfileError.quote;

import java.util.List;
import java.util.Map;

/**
 * A number, a range {@code a-b}, or one of {@code {constant: x}}, {@code {uniform: [a, b]}}, {@code {exponential: mean}}.
 *
 * @param least the smallest value that may be drawn; an exponential draw below it becomes it
 * @param most the largest value that may be drawn
 */
record QuantityShape(Measure measure, long least, long most) implements Shape<Quantity> {

    @Override
    public Quantity read(Value value) {
        return switch (value.node()) {
            case Node.Text _ -> scalarOrRange(value);
            case Node.Fields _ -> distribution(value);
            case Node.Items _ -> throw value.mustBe(allowed());
        };
    }

    private Quantity scalarOrRange(Value value) {
        String text = value.text(measure.example() + " or a range");
        int dash = text.indexOf('-');
        if (dash < 0) {
            return new Quantity.Constant(value.measure(measure, text, least, most));
        }
        long low = value.measure(measure, text.substring(0, dash), least, most);
        long high = value.measure(measure, text.substring(dash + 1), least, most);
        return uniform(value, low, high, text);
    }

    private static Quantity uniform(Value value, long low, long high, String text) {
        if (low > high) {
            throw value.meaning(quote(text) + " ends before it starts; write the smaller value first");
        }
        return new Quantity.Uniform(low, high);
    }

    private Quantity distribution(Value value) {
        String name =
                Given.of(value, List.of("constant", "uniform", "exponential")).only();
        Value only = value.field(name);
        return switch (name) {
            case "constant" -> new Quantity.Constant(only.measure(measure, least, most));
            case "exponential" -> {
                long largestMean = most / Quantity.Exponential.CUT_AT_MEANS;
                yield Quantity.Exponential.atLeast(least, only.measure(measure, Math.max(1, least), largestMean));
            }
            default -> uniform(only);
        };
    }

    private Quantity uniform(Value value) {
        List<Value> ends = value.items();
        if (ends.size() != 2) {
            throw value.shape("must be two values, [from, to], not " + ends.size());
        }
        long low = ends.get(0).measure(measure, least, most);
        long high = ends.get(1).measure(measure, least, most);
        return uniform(
                value, low, high, "[" + ends.get(0).text() + ", " + ends.get(1).text() + "]");
    }

    @Override
    public Object write(Quantity value) {
        return switch (value) {
            case Quantity.Constant constant -> measure.written(constant.value());
            case Quantity.Uniform uniform -> measure.format(uniform.min()) + "-" + measure.format(uniform.max());
            case Quantity.Exponential exponential ->
                JsonSchema.of("exponential", measure.written(exponential.meanValue()));
        };
    }

    @Override
    public Map<String, Object> schema() {
        return JsonSchema.ref(measure.definition() + "Quantity");
    }

    /** The definition that the schema has of quantities of a measure. */
    static Map<String, Object> definition(Measure measure) {
        Map<String, Object> one = JsonSchema.ref(measure.definition());
        Map<String, Object> two = JsonSchema.of("type", "array", "items", one, "minItems", 2, "maxItems", 2);
        return JsonSchema.of(
                "anyOf",
                List.of(range(measure), form("constant", one), form("uniform", two), form("exponential", one)));
    }

    private static Map<String, Object> range(Measure measure) {
        Map<String, Object> range = measure.schema();
        String one = measure.pattern();
        range.put("pattern", "^" + one + "(-" + one + ")?$");
        return range;
    }

    private static Map<String, Object> form(String name, Map<String, Object> value) {
        return JsonSchema.of(
                "type",
                "object",
                "additionalProperties",
                false,
                "properties",
                JsonSchema.of(name, value),
                "required",
                List.of(name));
    }

    @Override
    public String allowed() {
        return measure.allowed(least, most)
                + "; a range such as 5-10; or one of {constant: …}, {uniform: [from, to]}, {exponential: mean}";
    }
}
