package io.tcplab.loadgen.plan;

import static io.tcplab.loadgen.plan.ProfileError.quote;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Bits per second with a unit: {@code 100mbit}. Powers of 1000, as tc(8) reads them. */
final class BitRateShape implements Shape<Long> {

    private static final Pattern RATE = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,9})?)(bit|kbit|mbit|gbit)");
    private static final long LEAST = 1_000;
    private static final long MOST = 100_000_000_000L;
    private static final List<String> UNITS = List.of("gbit", "mbit", "kbit", "bit");

    @Override
    public Long read(Value value) {
        String text = value.text(allowed());
        Matcher rate = RATE.matcher(text);
        if (!rate.matches()) {
            throw value.shape("must be " + allowed() + ", not " + quote(text));
        }
        BigDecimal bits = new BigDecimal(rate.group(1)).multiply(BigDecimal.valueOf(factor(rate.group(2))));
        if (bits.compareTo(BigDecimal.valueOf(LEAST)) < 0 || bits.compareTo(BigDecimal.valueOf(MOST)) > 0) {
            throw value.meaning(quote(text) + " is out of range; it must be from 1kbit to 100gbit");
        }
        return bits.longValue();
    }

    private static long factor(String unit) {
        return switch (unit) {
            case "kbit" -> 1_000;
            case "mbit" -> 1_000_000;
            case "gbit" -> 1_000_000_000;
            default -> 1;
        };
    }

    @Override
    public Object write(Long value) {
        return text(value);
    }

    /** As it is read: {@code 100mbit}. */
    static String text(long bitsPerSecond) {
        String unit = UNITS.stream()
                .filter(each -> bitsPerSecond % factor(each) == 0)
                .findFirst()
                .orElse("bit");
        return bitsPerSecond / factor(unit) + unit;
    }

    @Override
    public Map<String, Object> schema() {
        return JsonSchema.of("type", "string", "pattern", JsonSchema.whole(RATE));
    }

    @Override
    public String allowed() {
        return "bits per second such as 100mbit, from 1kbit to 100gbit";
    }
}
