package io.tcplab.loadgen.plan;

import static io.tcplab.loadgen.plan.ProfileError.Kind.MEANING;
import static io.tcplab.loadgen.plan.ProfileError.Kind.SHAPE;
import static io.tcplab.loadgen.plan.ProfileError.quote;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * One value of a profile and its key path: reads itself as what is asked for, or fails with a {@link ProfileError} that names the
 * place, the path, the fault and what is allowed.
 */
record Value(String path, Node node) {

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

    /** Any scalar's characters; {@code allowed} says what they should be where there are none. */
    String text(String allowed) {
        if (node instanceof Node.Text text && !text.isNull()) {
            return text.value();
        }
        throw mustBe(allowed);
    }

    ProfileError mustBe(String allowed) {
        boolean isNull = node instanceof Node.Text text && text.isNull();
        return shape(isNull ? "has no value; it must be " + allowed : "must be " + allowed + ", not " + node.kind());
    }

    /** A scalar that matches {@code pattern} as a whole. */
    String text(Pattern pattern, String allowed) {
        String text = text(allowed);
        if (!pattern.matcher(text).matches()) {
            throw mustBe(allowed);
        }
        return text;
    }

    /** One word of a closed list. */
    <T> T word(Map<String, T> words) {
        String allowed =
                words.size() == 1 ? words.keySet().iterator().next() : "one of " + String.join(", ", words.keySet());
        String text = text(allowed);
        T meaning = words.get(text);
        if (meaning == null) {
            throw shape("must be " + allowed + ", not " + quote(text) + Typo.didYouMean(text, words.keySet()));
        }
        return meaning;
    }

    boolean flag() {
        if (node instanceof Node.Text text
                && text.plain()
                && (text.value().equals("true") || text.value().equals("false"))) {
            return text.value().equals("true");
        }
        throw mustBe("true or false");
    }

    /** A number with a unit, in base units. */
    long measure(Measure measure, long min, long max) {
        return measure(measure, text(measure.example()), min, max);
    }

    /** Reads {@code text}, this value or a part of it. */
    long measure(Measure measure, String text, long min, long max) {
        long value = measure.parse(text);
        if (value == Measure.NO_SHAPE) {
            throw shape("must be " + measure.example() + ", not " + quote(text));
        }
        if (value < min || value > max) {
            throw outside(text, measure.format(min), measure.format(max));
        }
        return value;
    }

    private ProfileError outside(String text, String min, String max) {
        return meaning(quote(text) + " is out of range; it must be from " + min + " to " + max);
    }

    double rate(double above, double max) {
        String text = text("a rate such as 5000/s or 300/min");
        double rate = Measure.parseRate(text);
        if (Double.isNaN(rate)) {
            throw shape("must be a rate such as 5000/s, 5k/s or 300/min, not " + quote(text));
        }
        if (rate <= above || rate > max) {
            throw meaning(
                    quote(text) + " is out of range; a rate must be above 0 and at most " + Measure.formatRate(max));
        }
        return rate;
    }

    double weight() {
        String text = text("a number such as 80");
        double weight = Measure.parseNumber(text);
        if (Double.isNaN(weight)) {
            throw shape("must be a number such as 80, not " + quote(text));
        }
        if (weight <= 0 || weight > 1e9) {
            throw meaning(quote(text) + " is out of range; a weight must be above 0 and at most 1000000000");
        }
        return weight;
    }

    /** The elements of a list. */
    List<Value> items() {
        if (!(node instanceof Node.Items list)) {
            throw mustBe("a list");
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
            throw mustBe("keys and values");
        }
        return fields.fields();
    }

    /** The value of a key that the section has. */
    Value field(String key) {
        Node.Field field = Objects.requireNonNull(fields().get(key));
        return new Value(path.isEmpty() ? key : path + "." + key, field.value());
    }
}
