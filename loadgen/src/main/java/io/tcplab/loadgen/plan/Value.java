package io.tcplab.loadgen.plan;

import static io.tcplab.loadgen.plan.ProfileError.Kind.MEANING;
import static io.tcplab.loadgen.plan.ProfileError.Kind.SHAPE;
import static io.tcplab.loadgen.plan.ProfileError.quote;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One value of a profile and its key path: reads itself as what its reader wants, or fails with a {@link ProfileError} that names the
 * place, the path, the fault and what is allowed.
 */
record Value(String path, Node node) {

    static final long LONGEST_NANOS = 24L * 3_600 * Measure.NANOS_PER_SECOND;

    ProfileError shape(String sentence) {
        return new ProfileError(SHAPE, node.at(), path, sentence);
    }

    ProfileError meaning(String sentence) {
        return new ProfileError(MEANING, node.at(), path, sentence);
    }

    /** Any scalar's characters. */
    String text() {
        return text("a word or a sentence");
    }

    private String text(String wanted) {
        if (node instanceof Node.Text text && !text.isNull()) {
            return text.value();
        }
        throw wants(wanted);
    }

    private ProfileError wants(String wanted) {
        boolean isNull = node instanceof Node.Text text && text.isNull();
        return shape(isNull ? "has no value; it wants " + wanted : "wants " + wanted + ", not " + node.kind());
    }

    /** A scalar that matches {@code pattern} as a whole. */
    String text(Pattern pattern, String wanted) {
        String text = text(wanted);
        if (!pattern.matcher(text).matches()) {
            throw wants(wanted);
        }
        return text;
    }

    /** One word of a closed list. */
    <T> T word(Map<String, T> words) {
        String wanted =
                words.size() == 1 ? words.keySet().iterator().next() : "one of " + String.join(", ", words.keySet());
        String text = text(wanted);
        T meaning = words.get(text);
        if (meaning == null) {
            throw shape("wants " + wanted + ", not " + quote(text) + Typo.didYouMean(text, words.keySet()));
        }
        return meaning;
    }

    boolean flag() {
        if (node instanceof Node.Text text
                && text.plain()
                && (text.value().equals("true") || text.value().equals("false"))) {
            return text.value().equals("true");
        }
        throw wants("true or false");
    }

    long count(long min, long max) {
        return measure(Measure.COUNT, min, max);
    }

    int count(int min, int max) {
        return (int) measure(Measure.COUNT, min, max);
    }

    int size(int min, int max) {
        return (int) measure(Measure.SIZE, min, max);
    }

    long nanos(long min, long max) {
        return measure(Measure.DURATION, min, max);
    }

    /** A duration in whole seconds. */
    int seconds(int min, int max) {
        long nanos = nanos(min * Measure.NANOS_PER_SECOND, max * Measure.NANOS_PER_SECOND);
        if (nanos % Measure.NANOS_PER_SECOND != 0) {
            throw meaning(quote(text()) + " is not a whole number of seconds, which the kernel wants here");
        }
        return (int) (nanos / Measure.NANOS_PER_SECOND);
    }

    private long measure(Measure measure, long min, long max) {
        return measure(measure, text(measure.example()), min, max);
    }

    /** Reads {@code text}, this value or a part of it. */
    private long measure(Measure measure, String text, long min, long max) {
        long value = measure.parse(text);
        if (value == Measure.NO_SHAPE) {
            throw shape("wants " + measure.example() + ", not " + quote(text));
        }
        if (value < min || value > max) {
            throw outside(text, measure.format(min), measure.format(max));
        }
        return value;
    }

    private ProfileError outside(String text, String min, String max) {
        return meaning(quote(text) + " is not allowed; it goes from " + min + " to " + max);
    }

    double rate(double above, double max) {
        String text = text("a rate such as 5000/s or 300/min");
        double rate = Measure.parseRate(text);
        if (Double.isNaN(rate)) {
            throw shape("wants a rate such as 5000/s, 5k/s or 300/min, not " + quote(text));
        }
        if (rate <= above || rate > max) {
            throw meaning(quote(text) + " is not allowed; a rate is above 0 and at most " + Measure.formatRate(max));
        }
        return rate;
    }

    double weight() {
        String text = text("a number such as 80");
        double weight = Measure.parseNumber(text);
        if (Double.isNaN(weight)) {
            throw shape("wants a number such as 80, not " + quote(text));
        }
        if (weight <= 0 || weight > 1e9) {
            throw meaning(quote(text) + " is not allowed; a weight is a number above 0 and at most 1000000000");
        }
        return weight;
    }

    /**
     * A number, a range {@code a-b}, or one of {@code {constant: x}}, {@code {uniform: [a, b]}}, {@code {exponential: mean}}.
     *
     * @param min the smallest value that may be drawn; an exponential draw below it becomes it
     */
    Quantity quantity(Measure measure, long min, long max) {
        return switch (node) {
            case Node.Text _ -> scalarOrRange(measure, min, max);
            case Node.Fields _ -> distribution(measure, min, max);
            case Node.Items _ -> throw wants(measure.example() + ", a range, or one of constant, uniform, exponential");
        };
    }

    private Quantity scalarOrRange(Measure measure, long min, long max) {
        String text = text(measure.example() + " or a range");
        int dash = text.indexOf('-');
        if (dash < 0) {
            return new Quantity.Constant(measure(measure, text, min, max));
        }
        long low = measure(measure, text.substring(0, dash), min, max);
        long high = measure(measure, text.substring(dash + 1), min, max);
        return uniform(low, high, text);
    }

    private Quantity uniform(long low, long high, String text) {
        if (low > high) {
            throw meaning(quote(text) + " ends before it begins; write the smaller value first");
        }
        return new Quantity.Uniform(low, high);
    }

    private Quantity distribution(Measure measure, long min, long max) {
        Section section = Section.of(this, "constant", "uniform", "exponential");
        Value only = section.only();
        if (only.path.endsWith(".constant")) {
            return new Quantity.Constant(only.measure(measure, min, max));
        }
        if (only.path.endsWith(".exponential")) {
            long largestMean = max / Quantity.Exponential.CUT_AT_MEANS;
            return Quantity.Exponential.atLeast(min, only.measure(measure, Math.max(1, min), largestMean));
        }
        List<Value> ends = only.items();
        if (ends.size() != 2) {
            throw only.shape("wants two values, [from, to], not " + ends.size());
        }
        long low = ends.get(0).measure(measure, min, max);
        long high = ends.get(1).measure(measure, min, max);
        return only.uniform(
                low, high, "[" + ends.get(0).text() + ", " + ends.get(1).text() + "]");
    }

    /** The elements of a list. */
    List<Value> items() {
        if (!(node instanceof Node.Items list)) {
            throw wants("a list");
        }
        List<Value> values = new ArrayList<>();
        for (Node item : list.items()) {
            values.add(new Value(path + "." + values.size(), item));
        }
        return values;
    }

    /** The keys and values of a section whose keys are free. */
    Map<String, Node.Field> fields() {
        if (!(node instanceof Node.Fields fields)) {
            throw wants("keys and values");
        }
        return fields.fields();
    }
}
