package io.tcplab.loadgen.plan;

/**
 * A limit that the run's result must keep, such as {@code connect.p99 < 5ms}.
 *
 * @param expression as the user wrote it
 * @param comparison how the figure is compared
 * @param limit in the figure's base unit: seconds for times, a fraction for percentages, otherwise plain
 */
public record Threshold(String expression, Figure figure, Comparison comparison, double limit) {

    /** How a figure is compared with its limit. */
    public enum Comparison {
        LESS("<"),
        AT_MOST("<="),
        GREATER(">"),
        AT_LEAST(">="),
        EQUAL("=="),
        NOT_EQUAL("!=");

        private final String symbol;

        Comparison(String symbol) {
            this.symbol = symbol;
        }

        /** The comparison that is written so; the caller has found it to be one of them. */
        static Comparison of(String symbol) {
            for (Comparison comparison : values()) {
                if (comparison.symbol.equals(symbol)) {
                    return comparison;
                }
            }
            throw new IllegalArgumentException("no comparison is written " + symbol);
        }

        /** Whether {@code actual} keeps the limit. */
        public boolean holds(double actual, double limit) {
            return switch (this) {
                case LESS -> actual < limit;
                case AT_MOST -> actual <= limit;
                case GREATER -> actual > limit;
                case AT_LEAST -> actual >= limit;
                case EQUAL -> actual == limit;
                case NOT_EQUAL -> actual != limit;
            };
        }
    }
}
