package io.tcplab.loadgen.pace;

/**
 * Which route (member of the mix and target) a connection takes, from its index.
 *
 * <p>Indexes walk a golden-ratio sequence (u = frac(offset + i·φ), a low-discrepancy sequence), so that every stretch of a run holds
 * the routes in their weights' proportion to within one or two connections, without ever clumping. The seed moves the offset.
 */
public final class RouteChoice {

    private static final double GOLDEN_RATIO = 0.6180339887498949;

    private final double[] upperBounds;
    private final double offset;

    public RouteChoice(double[] weights, long seed) {
        upperBounds = new double[weights.length];
        double total = 0;
        for (double weight : weights) {
            total += weight;
        }
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i];
            upperBounds[i] = sum / total;
        }
        offset = RandomBits.uniform(seed, 0, ArrivalSchedule.DRAW - 1);
    }

    /** Returns the number of the route that connection {@code index} takes. */
    public int routeOf(long index) {
        double u = offset + index * GOLDEN_RATIO;
        u -= Math.floor(u);
        for (int i = 0; i < upperBounds.length - 1; i++) {
            if (u < upperBounds[i]) {
                return i;
            }
        }
        return upperBounds.length - 1;
    }
}
