package io.tcplab.loadgen.plan;

/** A duration as profiles and options write it: {@code 10s}, {@code 250ms}, {@code 1.5m}. */
public final class DurationText {

    private DurationText() {}

    /** Returns nanoseconds; throws IllegalArgumentException with a sentence where the text is no duration. */
    public static long nanos(String text) {
        long nanos = Measure.DURATION.parse(text.strip());
        if (nanos < 0) {
            throw new IllegalArgumentException(
                    ProfileError.quote(text) + " is not a duration such as " + Measure.DURATION.example());
        }
        return nanos;
    }
}
