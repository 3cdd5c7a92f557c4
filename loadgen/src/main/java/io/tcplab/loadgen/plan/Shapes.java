package io.tcplab.loadgen.plan;

import static io.tcplab.loadgen.plan.ProfileError.quote;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The shapes of single values. */
final class Shapes {

    /** Matches every text. */
    static final Pattern ANYTHING = Pattern.compile("(?s).*");

    /** Any text. */
    static final Shape<String> TEXT = text(ANYTHING, "text");

    /** True or false. */
    static final Shape<Boolean> FLAG = new Flag();

    /** A number above 0. */
    static final Shape<Double> WEIGHT = new Weight();

    /** A name that labels figures. */
    static final Shape<String> LABEL = text(
            Pattern.compile("(?![0-9-]+$)[a-zA-Z0-9_-]{1,64}"),
            "a name of at most 64 letters, digits, _ and -, with a letter in it",
            List.of("string", "boolean"));

    private static final long NANOS_PER_MILLI = 1_000_000;

    private Shapes() {}

    /** A whole number. */
    static Shape<Long> count(long least, long most) {
        return new Measured(Measure.COUNT, least, most);
    }

    /** A whole number that fits an int. */
    static Shape<Integer> count(int least, int most) {
        return count((long) least, most).as(Math::toIntExact, Integer::longValue);
    }

    /** Bytes. */
    static Shape<Integer> bytes(int least, int most) {
        return new Measured(Measure.SIZE, least, most).as(Math::toIntExact, Integer::longValue);
    }

    /** A time in nanoseconds. */
    static Shape<Long> nanos(long least, long most) {
        return new Measured(Measure.DURATION, least, most);
    }

    /** A time in whole seconds. */
    static Shape<Integer> seconds(int least, int most) {
        return new WholeTime(Measure.NANOS_PER_SECOND, "seconds", least, most);
    }

    /** A time in whole milliseconds, of up to a day. */
    static Shape<Integer> millis() {
        return new WholeTime(
                NANOS_PER_MILLI, "milliseconds", 0, Math.toIntExact(Measure.LONGEST_NANOS / NANOS_PER_MILLI));
    }

    /** Text that matches a pattern as a whole; it may look like a number, and like a flag where the pattern takes one. */
    static Shape<String> text(Pattern pattern, String allowed) {
        boolean flag =
                pattern.matcher("true").matches() || pattern.matcher("false").matches();
        return new Text(pattern, allowed, flag ? List.of("string", "number", "boolean") : List.of("string", "number"));
    }

    /** Text that matches a pattern as a whole; {@code types} are what it may look like. */
    static Shape<String> text(Pattern pattern, String allowed, List<String> types) {
        return new Text(pattern, allowed, types);
    }

    /** Text that matches a pattern as a whole, and never looks like a number or a flag. */
    static Shape<String> string(Pattern pattern, String allowed) {
        return new Text(pattern, allowed, List.of("string"));
    }

    /** A constant of an enum, as {@link Words} spells it. */
    static <E extends Enum<E>> Shape<E> word(Class<E> type) {
        return new Word<>(Words.of(type));
    }

    /** A constant of an enum by its own name, in capitals, as standards have it. */
    static <E extends Enum<E>> Shape<E> capitals(Class<E> type) {
        Map<String, E> words = new LinkedHashMap<>();
        for (E constant : type.getEnumConstants()) {
            words.put(constant.name(), constant);
        }
        return new Word<>(words);
    }

    private record Flag() implements Shape<Boolean> {
        @Override
        public Boolean read(Value value) {
            return value.flag();
        }

        @Override
        public Object write(Boolean value) {
            return value;
        }

        @Override
        public Map<String, Object> schema() {
            return JsonSchema.of("type", "boolean");
        }

        @Override
        public String allowed() {
            return "true or false";
        }
    }

    private record Text(Pattern pattern, String allowed, List<String> types) implements Shape<String> {
        @Override
        public String read(Value value) {
            return value.text(pattern, allowed);
        }

        @Override
        public Object write(String value) {
            return value;
        }

        @Override
        public Map<String, Object> schema() {
            Map<String, Object> schema = JsonSchema.of("type", types.size() == 1 ? types.getFirst() : types);
            if (pattern != ANYTHING) {
                schema.put("pattern", JsonSchema.whole(pattern));
            }
            return schema;
        }
    }

    private record Word<E extends Enum<E>>(Map<String, E> words) implements Shape<E> {
        @Override
        public E read(Value value) {
            return value.word(words);
        }

        @Override
        public Object write(E value) {
            return words.containsKey(value.name()) ? value.name() : Words.spell(value);
        }

        @Override
        public Map<String, Object> schema() {
            return JsonSchema.of("enum", List.copyOf(words.keySet()));
        }

        @Override
        public String allowed() {
            return (words.size() == 1 ? "" : "one of ") + String.join(", ", words.keySet());
        }
    }

    private record Measured(Measure measure, long least, long most) implements Shape<Long> {
        @Override
        public Long read(Value value) {
            return value.measure(measure, least, most);
        }

        @Override
        public Object write(Long value) {
            return measure.written(value);
        }

        @Override
        public Map<String, Object> schema() {
            return JsonSchema.ref(measure.definition());
        }

        @Override
        public String allowed() {
            return measure.allowed(least, most);
        }
    }

    private record WholeTime(long unitNanos, String units, int least, int most) implements Shape<Integer> {
        @Override
        public Integer read(Value value) {
            long nanos = value.measure(Measure.DURATION, least * unitNanos, most * unitNanos);
            if (nanos % unitNanos != 0) {
                throw value.meaning(quote(value.text()) + " must be a whole number of " + units);
            }
            return (int) (nanos / unitNanos);
        }

        @Override
        public Object write(Integer value) {
            return Measure.DURATION.written(value * unitNanos);
        }

        @Override
        public Map<String, Object> schema() {
            return JsonSchema.ref(Measure.DURATION.definition());
        }

        @Override
        public String allowed() {
            return "whole " + units + ", " + Measure.DURATION.allowed(least * unitNanos, most * unitNanos);
        }
    }

    private record Weight() implements Shape<Double> {
        @Override
        public Double read(Value value) {
            return value.weight();
        }

        @Override
        public Object write(Double value) {
            return new BigDecimal(Measure.formatNumber(value));
        }

        @Override
        public Map<String, Object> schema() {
            return JsonSchema.of(
                    "type",
                    List.of("number", "string"),
                    "exclusiveMinimum",
                    0,
                    "maximum",
                    Measure.LARGEST_WRITTEN,
                    "pattern",
                    "^" + Measure.NUMBER_PATTERN + "$");
        }

        @Override
        public String allowed() {
            return "a number above 0, such as 80";
        }
    }
}
