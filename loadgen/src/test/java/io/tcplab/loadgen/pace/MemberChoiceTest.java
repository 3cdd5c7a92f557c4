package io.tcplab.loadgen.pace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class MemberChoiceTest {

    @Test
    void everyStretchHoldsTheMembersInTheirWeightsProportion() {
        MemberChoice choice = new MemberChoice(new double[] {80, 20}, 5);
        for (int from = 0; from < 10_000; from += 137) {
            int first = 0;
            for (int i = from; i < from + 100; i++) {
                first += choice.memberOf(i) == 0 ? 1 : 0;
            }
            assertThat(first).isBetween(78, 82);
        }
    }

    @Test
    void aSingleMemberIsAlwaysChosen() {
        MemberChoice choice = new MemberChoice(new double[] {0.1}, 5);
        for (int i = 0; i < 100; i++) {
            assertThat(choice.memberOf(i)).isZero();
        }
    }

    @Test
    void theSeedMovesTheSequence() {
        MemberChoice one = new MemberChoice(new double[] {1, 1}, 1);
        MemberChoice two = new MemberChoice(new double[] {1, 1}, 2);
        int different = 0;
        for (int i = 0; i < 100; i++) {
            different += one.memberOf(i) == two.memberOf(i) ? 0 : 1;
        }
        assertThat(different).isPositive();
    }
}
