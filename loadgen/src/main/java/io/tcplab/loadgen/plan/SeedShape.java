package io.tcplab.loadgen.plan;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Any 64-bit whole number. */
final class SeedShape implements Shape<Long> {

    private static final Pattern SEED = Pattern.compile("-?[0-9]{1,19}(?:\\.0{1,20})?");

    @Override
    public Long read(Value value) {
        try {
            return new BigDecimal(value.text(SEED, allowed())).longValueExact();
        } catch (ArithmeticException _) {
            throw value.meaning("must be " + allowed());
        }
    }

    @Override
    public Object write(Long value) {
        return value;
    }

    @Override
    public Map<String, Object> schema() {
        return JsonSchema.of(
                "type",
                List.of("integer", "string"),
                "minimum",
                Long.MIN_VALUE,
                "maximum",
                Long.MAX_VALUE,
                "pattern",
                JsonSchema.whole(SEED));
    }

    @Override
    public String allowed() {
        return "a whole number from " + Long.MIN_VALUE + " to " + Long.MAX_VALUE;
    }
}
