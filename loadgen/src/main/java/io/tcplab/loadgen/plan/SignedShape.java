package io.tcplab.loadgen.plan;

import static io.tcplab.loadgen.plan.ProfileError.quote;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A whole number that may be negative. */
record SignedShape(long least, long most) implements Shape<Long> {

    /** Any number of 64 bits. */
    static final SignedShape ANY = new SignedShape(Long.MIN_VALUE, Long.MAX_VALUE);

    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,19}(?:\\.0{1,20})?");

    @Override
    public Long read(Value value) {
        BigDecimal number = new BigDecimal(value.text(WHOLE, allowed()));
        if (number.compareTo(BigDecimal.valueOf(least)) < 0 || number.compareTo(BigDecimal.valueOf(most)) > 0) {
            throw value.meaning("must be " + allowed() + ", not " + quote(value.text()));
        }
        return number.longValueExact();
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
                least,
                "maximum",
                most,
                "pattern",
                JsonSchema.whole(WHOLE));
    }

    @Override
    public String allowed() {
        return "a whole number from " + least + " to " + most;
    }
}
