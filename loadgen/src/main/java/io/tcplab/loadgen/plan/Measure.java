package io.tcplab.loadgen.plan;

import io.tcplab.kernel.host.DurationText;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The units that a profile's numbers are written in, and their base unit: counts, bytes, nanoseconds. */
enum Measure {
    COUNT("a whole number such as 23 or 10k", "") {
        @Override
        long factor(String unit) {
            return switch (unit) {
                case "" -> 1;
                case "k" -> 1_000;
                case "M" -> 1_000_000;
                default -> UNKNOWN;
            };
        }
    },
    /** A bare number is bytes; k, M and G are powers of 1024; kB, MB and GB are powers of 1000. */
    SIZE("a size such as 64B, 4k or 1MiB", "GiB MiB KiB B") {
        @Override
        long factor(String unit) {
            return switch (unit) {
                case "", "B" -> 1;
                case "k", "K", "KiB" -> 1L << 10;
                case "M", "MiB" -> 1L << 20;
                case "G", "GiB" -> 1L << 30;
                case "kB", "KB" -> 1_000;
                case "MB" -> 1_000_000;
                case "GB" -> 1_000_000_000;
                default -> UNKNOWN;
            };
        }
    },
    /** A bare number is refused, but for 0. */
    DURATION(DurationText.EXAMPLE, "h m s ms us ns") {
        @Override
        long factor(String unit) {
            return DurationText.nanosOf(unit);
        }
    };

    static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** The longest time that a profile may name. */
    static final long LONGEST_NANOS = 24L * 3_600 * NANOS_PER_SECOND;

    /** The largest number that can be written. */
    static final long LARGEST_WRITTEN = 999_999_999_999_999_999L;

    /** A number without unit. */
    static final String NUMBER_PATTERN = "[0-9]{1,18}(\\.[0-9]{1,20})?";

    /** {@link #parse}: the text is not of this shape. */
    static final long NO_SHAPE = -1;
    /** {@link #parse}: the text is finer than the base unit. */
    static final long FRACTION = -2;

    private static final Pattern NUMBER = Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,20})?)(.*)");
    private static final BigDecimal LARGEST = BigDecimal.valueOf(Long.MAX_VALUE);

    private static final long UNKNOWN = 0;

    private final String example;
    private final String written;

    /**
     * @param example what a person should write
     * @param written the units that {@link #format} uses, the largest first
     */
    Measure(String example, String written) {
        this.example = example;
        this.written = written;
    }

    /** Returns how many base units a unit is, or {@link #UNKNOWN}. */
    abstract long factor(String unit);

    String example() {
        return example;
    }

    /** Returns what a range of values is called: {@code a time from 1ms to 1h}. */
    String allowed(long least, long most) {
        return example + ", from " + format(least) + (most >= LARGEST_WRITTEN ? "" : " to " + format(most));
    }

    /** Returns the name of its definition in the JSON Schema. */
    String definition() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the pattern of one value, whole strings apart. */
    String pattern() {
        return switch (this) {
            case COUNT -> NUMBER_PATTERN + "[kM]?";
            case SIZE -> NUMBER_PATTERN + "(B|k|K|KiB|kB|KB|M|MiB|MB|G|GiB|GB)?";
            case DURATION -> "(0{1,18}(\\.0{1,20})?|" + NUMBER_PATTERN + "(h|m|min|s|ms|us|µs|ns))";
        };
    }

    /** Returns its JSON Schema; of times, only 0 may be a number. */
    Map<String, Object> schema() {
        return JsonSchema.of(
                "type",
                List.of("integer", "string"),
                "minimum",
                0,
                "maximum",
                this == DURATION ? 0 : LARGEST_WRITTEN,
                "pattern",
                "^" + pattern() + "$");
    }

    /** Returns {@code value} as YAML knows it, so that {@link #parse} reads it back. */
    Object written(long value) {
        return this == COUNT ? (Object) value : format(value);
    }

    /** Returns {@code text} in base units; what is too large for a long is {@link Long#MAX_VALUE}. */
    long parse(String text) {
        Matcher number = NUMBER.matcher(text);
        if (!number.matches()) {
            return NO_SHAPE;
        }
        long factor = factor(number.group(2));
        if (factor == UNKNOWN) {
            return this == DURATION && number.group(2).isEmpty() && isZero(number.group(1)) ? 0 : NO_SHAPE;
        }
        BigDecimal base = new BigDecimal(number.group(1))
                .multiply(BigDecimal.valueOf(factor))
                .stripTrailingZeros();
        if (base.scale() > 0) {
            return FRACTION;
        }
        return base.compareTo(LARGEST) >= 0 ? Long.MAX_VALUE : base.longValueExact();
    }

    private static boolean isZero(String number) {
        return new BigDecimal(number).signum() == 0;
    }

    /** Returns a short text that {@link #parse} reads as {@code value}: 2s, 1500ms, 64B, 1MiB. */
    String format(long value) {
        if (this == DURATION && value == 0) {
            return "0s";
        }
        String smallest = "";
        for (String unit : written.split(" ", -1)) {
            long factor = factor(unit);
            if (value % factor == 0 && value >= factor) {
                return value / factor + unit;
            }
            smallest = unit;
        }
        return value + smallest;
    }

    /** Returns connections per second, or NaN when {@code text} is not a rate; a bare number is per second. */
    static double parseRate(String text) {
        Matcher number = NUMBER.matcher(text);
        if (!number.matches()) {
            return Double.NaN;
        }
        String unit = number.group(2);
        double factor = 1;
        if (unit.startsWith("k") || unit.startsWith("M")) {
            factor = unit.charAt(0) == 'k' ? 1_000 : 1_000_000;
            unit = unit.substring(1);
        }
        double value = new BigDecimal(number.group(1)).doubleValue() * factor;
        return switch (unit) {
            case "", "/s" -> value;
            case "/min" -> value / 60;
            case "/h" -> value / 3_600;
            default -> Double.NaN;
        };
    }

    /** Returns the plain number {@code text}, or NaN when it is none. */
    static double parseNumber(String text) {
        Matcher number = NUMBER.matcher(text);
        return number.matches() && number.group(2).isEmpty()
                ? new BigDecimal(number.group(1)).doubleValue()
                : Double.NaN;
    }

    /** Returns the text that {@link #parseRate} reads as exactly {@code perSecond}. */
    static String formatRate(double perSecond) {
        return formatNumber(perSecond) + "/s";
    }

    /** Returns {@code value} exactly, without an exponent. */
    static String formatNumber(double value) {
        BigDecimal exact = new BigDecimal(Double.toString(value));
        return exact.signum() == 0 ? "0" : exact.stripTrailingZeros().toPlainString();
    }
}
