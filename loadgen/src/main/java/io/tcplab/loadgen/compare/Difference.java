package io.tcplab.loadgen.compare;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One figure of two contenders.
 *
 * @param figure which
 * @param first the contender that is the base
 * @param second the one that is held against it
 * @param medians of the first's rounds and of the second's
 * @param ratio second ÷ first; absent when the first is 0
 * @param interval lower and upper end of the ratio's 95% interval; empty when there is none
 * @param adjustedP how often chance alone sets any figure of equal contenders apart so far ({@link ShuffledRounds})
 * @param distinguishable whether noise is ruled out: the interval excludes 1 and {@code adjustedP} is within the level
 */
public record Difference(
        ComparedFigure figure,
        String first,
        String second,
        List<Double> medians,
        @Nullable Double ratio,
        List<Double> interval,
        double adjustedP,
        boolean distinguishable) {

    public Difference {
        medians = List.copyOf(medians);
        interval = List.copyOf(interval);
    }

    double firstMedian() {
        return medians.getFirst();
    }

    double secondMedian() {
        return medians.getLast();
    }

    /** The same, found to be beyond noise by what was counted. */
    public Difference apart() {
        return new Difference(figure, first, second, medians, ratio, interval, adjustedP, true);
    }
}
