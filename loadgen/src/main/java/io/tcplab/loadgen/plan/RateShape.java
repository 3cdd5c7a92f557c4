package io.tcplab.loadgen.plan;

import java.util.List;
import java.util.Map;

/**
 * A rate in connections per second.
 *
 * @param zero whether it may be 0
 */
record RateShape(boolean zero) implements Shape<Double> {

    static final double HIGHEST = 10_000_000;

    /** The definition that the schema has of it. */
    static final Map<String, Object> DEFINITION = JsonSchema.of(
            "type",
            List.of("number", "string"),
            "minimum",
            0,
            "maximum",
            Measure.LARGEST_WRITTEN,
            "pattern",
            "^" + Measure.NUMBER_PATTERN + "[kM]?(/(s|min|h))?$");

    @Override
    public Double read(Value value) {
        return value.rate(zero ? -1 : 0, HIGHEST);
    }

    @Override
    public Object write(Double value) {
        return Measure.formatRate(value);
    }

    @Override
    public Map<String, Object> schema() {
        return JsonSchema.ref("rate");
    }

    @Override
    public String allowed() {
        return "a rate such as 5000/s, 5k/s or 300/min, at most " + Measure.formatRate(HIGHEST)
                + (zero ? "" : " and above 0");
    }
}
