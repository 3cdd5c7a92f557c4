package io.tcplab.loadgen.plan;

/**
 * A number that each connection draws for itself: how many exchanges, how many bytes, how long to think.
 *
 * <p>Times are in nanoseconds, sizes in bytes, counts plain. A draw is pure: the same random bits give the same value, so that
 * a seed makes a run repeat.
 */
public sealed interface Quantity {

    /** Returns the value for 64 uniformly distributed random bits. */
    long draw(long randomBits);

    /** Returns the largest value that {@link #draw} can return. */
    long max();

    /** Always the same value. */
    record Constant(long value) implements Quantity {
        @Override
        public long draw(long randomBits) {
            return value;
        }

        @Override
        public long max() {
            return value;
        }
    }

    /** Every value from {@code min} to {@code max}, both included, equally likely. */
    record Uniform(long min, long max) implements Quantity {
        public Uniform {
            if (min > max) {
                throw new IllegalArgumentException("a range must not end before it begins: " + min + " > " + max);
            }
        }

        @Override
        public long draw(long randomBits) {
            return min + Math.unsignedMultiplyHigh(randomBits, max - min + 1);
        }
    }

    /**
     * Exponentially distributed around {@code meanValue}, kept between {@code floor} and {@code limit}.
     *
     * @param floor what a smaller draw becomes: no connection has 0 exchanges, no request fewer bytes than its header
     * @param limit what a larger draw becomes; at 20 × mean, one draw in 5 × 10^8
     */
    record Exponential(long meanValue, long floor, long limit) implements Quantity {

        /** The limit in means. */
        static final long CUT_AT_MEANS = 20;

        public Exponential(long meanValue) {
            this(meanValue, 0, Math.multiplyExact(meanValue, CUT_AT_MEANS));
        }

        static Exponential atLeast(long floor, long meanValue) {
            return new Exponential(meanValue, floor, Math.multiplyExact(meanValue, CUT_AT_MEANS));
        }

        @Override
        public long draw(long randomBits) {
            double uniform = ((randomBits >>> 11) + 0.5) * 0x1.0p-53;
            return Math.clamp(Math.round(-meanValue * Math.log(uniform)), floor, limit);
        }

        @Override
        public long max() {
            return limit;
        }
    }
}
