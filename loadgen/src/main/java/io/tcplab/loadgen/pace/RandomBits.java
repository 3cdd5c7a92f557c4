package io.tcplab.loadgen.pace;

/**
 * Random bits as a pure function of a seed and a position, so that a seed makes a run's choices repeat whatever the order in which
 * event loops ask.
 *
 * <p>The mixing function is that of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
 */
public final class RandomBits {

    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private RandomBits() {}

    /** Returns 64 bits for draw number {@code draw} of connection {@code index}. */
    public static long of(long seed, long index, int draw) {
        long state = mix(seed + index * GOLDEN_GAMMA) + (draw + 1) * GOLDEN_GAMMA;
        // 0 is mixed into 0: the first arrival of a Poisson process with seed 0 would be 37 gaps late.
        return mix(state == 0 ? GOLDEN_GAMMA : state);
    }

    /** Returns a number in (0, 1) for {@code index}. */
    public static double uniform(long seed, long index, int draw) {
        return ((of(seed, index, draw) >>> 11) + 0.5) * 0x1.0p-53;
    }

    private static long mix(long state) {
        long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
