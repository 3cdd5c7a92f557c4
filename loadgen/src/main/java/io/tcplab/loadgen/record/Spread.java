package io.tcplab.loadgen.record;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Median, least and greatest of some values, to three significant digits. */
public record Spread(double p50, double min, double max) {

    /** Returns those of a histogram, divided by {@code unit}; {@code null} of an empty one. */
    static @Nullable Spread of(@Nullable Histogram values, double unit) {
        return values == null || values.getTotalCount() == 0
                ? null
                : new Spread(
                        values.getValueAtPercentile(50) / unit,
                        values.getMinValue() / unit,
                        values.getMaxValue() / unit);
    }

    /** Returns what is known of both together: the median is that of the one with more values. */
    public static @Nullable Spread together(
            @Nullable Spread one, long oneCount, @Nullable Spread other, long otherCount) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        double p50 = oneCount >= otherCount ? one.p50 : other.p50;
        return new Spread(p50, Math.min(one.min, other.min), Math.max(one.max, other.max));
    }
}
