package io.tcplab.loadgen.pace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class RouteChoiceTest {

    @Test
    void everyStretchHoldsTheMembersInTheirWeightsProportion() {
        RouteChoice choice = new RouteChoice(new double[] {80, 20}, 5);
        for (int from = 0; from < 10_000; from += 137) {
            int first = 0;
            for (int i = from; i < from + 100; i++) {
                first += choice.routeOf(i) == 0 ? 1 : 0;
            }
            assertThat(first).isBetween(78, 82);
        }
    }

    @Test
    void aSingleMemberIsAlwaysChosen() {
        RouteChoice choice = new RouteChoice(new double[] {0.1}, 5);
        for (int i = 0; i < 100; i++) {
            assertThat(choice.routeOf(i)).isZero();
        }
    }

    @Test
    void theSeedMovesTheSequence() {
        RouteChoice one = new RouteChoice(new double[] {1, 1}, 1);
        RouteChoice two = new RouteChoice(new double[] {1, 1}, 2);
        int different = 0;
        for (int i = 0; i < 100; i++) {
            different += one.routeOf(i) == two.routeOf(i) ? 0 : 1;
        }
        assertThat(different).isPositive();
    }
}
