package io.tcplab.loadgen.plan;

import static io.tcplab.loadgen.plan.ProfileError.quote;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A share of the whole: {@code 80%}, or {@code 0.8}. */
final class ShareShape implements Shape<Double> {

    private static final Pattern SHARE = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,9})?)(%?)");
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    @Override
    public Double read(Value value) {
        String text = value.text(allowed());
        Matcher share = SHARE.matcher(text);
        if (!share.matches()) {
            throw value.shape("must be " + allowed() + ", not " + quote(text));
        }
        BigDecimal number = new BigDecimal(share.group(1));
        BigDecimal whole = share.group(2).isEmpty() ? BigDecimal.ONE : HUNDRED;
        if (number.compareTo(whole) > 0) {
            throw value.shape("must be " + allowed() + ", not " + quote(text));
        }
        return number.doubleValue() / whole.doubleValue();
    }

    @Override
    public Object write(Double value) {
        return BigDecimal.valueOf(value).multiply(HUNDRED).stripTrailingZeros().toPlainString() + "%";
    }

    @Override
    public Map<String, Object> schema() {
        return JsonSchema.of(
                "type",
                List.of("number", "string"),
                "minimum",
                0,
                "maximum",
                1,
                "pattern",
                "^(100(\\.0{1,9})?|[0-9]{1,2}(\\.[0-9]{1,9})?)%$");
    }

    @Override
    public String allowed() {
        return "a share from 0% to 100%, such as 80%";
    }
}
