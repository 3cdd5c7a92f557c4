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
 * @param role of a primary figure; absent = a secondary one, which is shown and never decides
 * @param moreRounds about how many more rounds it takes to see a difference that is worth finding; 0 when there are enough
 */
public record Difference(
        ComparedFigure figure,
        String first,
        String second,
        List<Double> medians,
        @Nullable Double ratio,
        List<Double> interval,
        double adjustedP,
        boolean distinguishable,
        @Nullable Primary role,
        int moreRounds) {

    /** What a figure comes to. */
    public enum Answer {
        /** The two differ. */
        DIFFERS("differs"),
        /** They do not differ by more than {@link #largest}. */
        NO_LARGER("noLargerDifference"),
        /** There are too few rounds to say. */
        CANNOT_TELL("cannotTell");

        private final String id;

        Answer(String id) {
            this.id = id;
        }

        /** The word in JSON. */
        public String id() {
            return id;
        }
    }

    public Difference {
        medians = List.copyOf(medians);
        interval = List.copyOf(interval);
    }

    public Answer answer() {
        if (distinguishable) {
            return Answer.DIFFERS;
        }
        return moreRounds == 0 ? Answer.NO_LARGER : Answer.CANNOT_TELL;
    }

    /** The largest difference that the interval leaves room for, as a share of the smaller one: 0.08; absent without an interval. */
    public @Nullable Double largest() {
        return interval.isEmpty() ? null : Math.max(interval.getLast(), 1 / interval.getFirst()) - 1;
    }

    double firstMedian() {
        return medians.getFirst();
    }

    double secondMedian() {
        return medians.getLast();
    }

    /** The same, found to be beyond noise by what was counted. */
    public Difference apart() {
        return new Difference(figure, first, second, medians, ratio, interval, adjustedP, true, role, moreRounds);
    }
}
