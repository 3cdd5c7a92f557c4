package io.tcplab.loadgen.limit;

import io.tcplab.loadgen.plan.CannotRun;
import java.util.function.DoubleUnaryOperator;

/**
 * Brackets a limit by doubling or halving, then halves the bracket (in ratio) until it is as narrow as asked, and tries its lower end
 * again: a single lucky try makes no limit.
 */
final class LimitSearch {

    /** Whether a load of this value keeps every threshold. */
    interface Trial {
        boolean holds(double value) throws CannotRun;
    }

    /**
     * What a search came to.
     *
     * @param lower highest value that held, 0 = none did
     * @param upper lowest value above it that did not; infinite = none was found up to the most that may be tried
     */
    record Bracket(double lower, double upper) {}

    private final double least;
    private final double most;
    private final double precision;
    private final int confirmations;
    private final DoubleUnaryOperator rounded;

    /**
     * @param least smallest value that is tried
     * @param most largest value that is tried
     * @param precision how much greater than its lower end the bracket's upper end may be, as a fraction
     * @param confirmations how many further tries at the lower end must hold
     * @param rounded makes a value one that can be tried
     */
    LimitSearch(double least, double most, double precision, int confirmations, DoubleUnaryOperator rounded) {
        this.least = least;
        this.most = rounded.applyAsDouble(most);
        this.precision = precision;
        this.confirmations = confirmations;
        this.rounded = rounded;
    }

    /** Searches from a value on. */
    Bracket from(double start, Trial trial) throws CannotRun {
        double lower = 0;
        double upper = Double.POSITIVE_INFINITY;
        double value = rounded.applyAsDouble(Math.clamp(start, least, most));
        if (trial.holds(value)) {
            lower = value;
            while (lower < most && Double.isInfinite(upper)) {
                double next = rounded.applyAsDouble(Math.min(most, lower * 2));
                if (trial.holds(next)) {
                    lower = next;
                } else {
                    upper = next;
                }
            }
        } else {
            upper = value;
            while (lower == 0 && upper > least) {
                double next = rounded.applyAsDouble(Math.max(least, upper / 2));
                if (trial.holds(next)) {
                    lower = next;
                } else {
                    upper = next;
                }
            }
        }
        return lower == 0 || Double.isInfinite(upper) ? new Bracket(lower, upper) : narrow(lower, upper, trial);
    }

    private Bracket narrow(double from, double to, Trial trial) throws CannotRun {
        double lower = from;
        double upper = to;
        double confirmed = 0;
        while (true) {
            double middle = rounded.applyAsDouble(Math.sqrt(lower * upper));
            if (upper / lower <= 1 + precision || middle <= lower || middle >= upper) {
                if (confirmed == lower || confirms(lower, trial)) {
                    return new Bracket(lower, upper);
                }
                upper = lower;
                lower = lowerAgain(upper, trial);
                if (lower == 0) {
                    return new Bracket(0, upper);
                }
                confirmed = lower;
            } else if (trial.holds(middle)) {
                lower = middle;
            } else {
                upper = middle;
            }
        }
    }

    private boolean confirms(double value, Trial trial) throws CannotRun {
        for (int i = 0; i < confirmations; i++) {
            if (!trial.holds(value)) {
                return false;
            }
        }
        return true;
    }

    /** The bracket's lower end did not hold twice: one step of the precision below it, then ever larger ones. */
    private double lowerAgain(double upper, Trial trial) throws CannotRun {
        double step = precision;
        for (double value = upper / (1 + step); value >= least; value /= 1 + step) {
            double next = rounded.applyAsDouble(value);
            if (next < upper && trial.holds(next) && confirms(next, trial)) {
                return next;
            }
            step *= 2;
        }
        return 0;
    }
}
