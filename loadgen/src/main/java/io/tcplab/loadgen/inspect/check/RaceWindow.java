package io.tcplab.loadgen.inspect.check;

import io.tcplab.loadgen.inspect.check.RaceShot.Fate;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The window before a close in which requests are lost. What is known of a lost request is exact but for a late look at its end, and of an
 * answered one only what other connections saw; so the window begins where the fewest of both contradict it, and at the earlier one of two
 * such moments: it is not taken for smaller than what was seen.
 *
 * @param lostMillis how long before the close the earliest lost request was sent; 0 where none was lost
 * @param supportedMillis the same of the lost request that follows it; 0 where there is none
 * @param answeredMillis how long before the close the request before it was sent, which was answered; infinite where there is none
 */
record RaceWindow(double lostMillis, double supportedMillis, double answeredMillis) {

    private static final double COARSE_MILLIS = 1;
    private static final double COARSE_SHARE = 0.1;
    private static final double ALONE_MILLIS = 3;
    private static final double ALONE_SHARE = 0.3;

    static RaceWindow of(List<RaceShot> shots) {
        double[] lost = leads(shots, Fate.LOST, RaceShot::leadMillis);
        double[] answered = leads(shots, Fate.ANSWERED, RaceShot::mostLeadMillis);
        int edge = -1;
        long fewest = contradictions(lost, answered, 0);
        for (int i = 0; i < lost.length; i++) {
            long here = contradictions(lost, answered, lost[i]);
            if (here <= fewest) {
                fewest = here;
                edge = i;
            }
        }
        double begins = edge < 0 ? 0 : lost[edge];
        double before = Arrays.stream(leads(shots, Fate.ANSWERED, RaceShot::leadMillis))
                .filter(each -> each > begins)
                .min()
                .orElse(Double.POSITIVE_INFINITY);
        return new RaceWindow(begins, edge < 1 ? 0 : lost[edge - 1], before);
    }

    private static double[] leads(List<RaceShot> shots, Fate fate, ToDoubleFunction<RaceShot> lead) {
        return shots.stream()
                .filter(each -> each.fate() == fate)
                .mapToDouble(lead)
                .sorted()
                .toArray();
    }

    private static long contradictions(double[] lost, double[] answered, double begins) {
        return Arrays.stream(lost).filter(each -> each > begins).count()
                + Arrays.stream(answered).filter(each -> each < begins).count();
    }

    /** Whether an answered and a lost request are next to each other where it begins, and that lost one is not far from all others. */
    boolean enclosed() {
        return answeredMillis - lostMillis <= Math.max(COARSE_MILLIS, lostMillis * COARSE_SHARE)
                && lostMillis - supportedMillis <= Math.max(ALONE_MILLIS, lostMillis * ALONE_SHARE);
    }
}
