package io.tcplab.kernel.host;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A duration as profiles and options write it: {@code 10s}, {@code 250ms}, {@code 1.5m}; a bare number is refused, but for 0. */
public final class DurationText {

    public static final String EXAMPLE = "a time such as 500us, 10ms, 2s or 1m";

    private static final Pattern SHAPE = Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,20})?)([a-zµ]{0,3})");
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final BigDecimal LONGEST = BigDecimal.valueOf(Long.MAX_VALUE);

    private DurationText() {}

    /** Returns how many nanoseconds a unit is; 0 for what is not one. */
    public static long nanosOf(String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "us", "µs" -> 1_000;
            case "ms" -> 1_000_000;
            case "s" -> NANOS_PER_SECOND;
            case "m", "min" -> 60 * NANOS_PER_SECOND;
            case "h" -> 3_600 * NANOS_PER_SECOND;
            default -> 0;
        };
    }

    /** Returns the duration; throws IllegalArgumentException with a sentence where the text is none. */
    public static Duration parse(String text) {
        Matcher shape = SHAPE.matcher(text.strip());
        if (shape.matches()) {
            BigDecimal nanos = new BigDecimal(shape.group(1)).multiply(BigDecimal.valueOf(nanosOf(shape.group(2))));
            boolean hasUnit = nanosOf(shape.group(2)) > 0;
            boolean zero = new BigDecimal(shape.group(1)).signum() == 0
                    && shape.group(2).isEmpty();
            if ((hasUnit || zero) && nanos.stripTrailingZeros().scale() <= 0) {
                return Duration.ofNanos(nanos.min(LONGEST).longValueExact());
            }
        }
        throw new IllegalArgumentException("\"" + text + "\" is not " + EXAMPLE);
    }
}
