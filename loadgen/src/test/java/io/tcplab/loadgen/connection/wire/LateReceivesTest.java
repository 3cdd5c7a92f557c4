package io.tcplab.loadgen.connection.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class LateReceivesTest {

    private final LateReceives late = new LateReceives();

    private void endTurn() {
        late.sent();
        late.turnEnds();
    }

    @Test
    void aSocketIsDueWhenTheTurnInWhichItAskedHasEnded() {
        assertThat(late.take(3)).isTrue();
        assertThat(late.due()).isZero();
        endTurn();
        assertThat(late.due()).isOne();
        assertThat(late.takeFirst()).isEqualTo(3);
        assertThat(late.due()).isZero();
        assertThat(late.count()).isZero();
    }

    @Test
    void oneThatAskedLaterWaitsForTheNextTurn() {
        late.take(3);
        endTurn();
        late.take(4);
        assertThat(late.due()).isOne();
        assertThat(late.takeFirst()).isEqualTo(3);
        assertThat(late.due()).isZero();
        assertThat(late.count()).isOne();
        endTurn();
        assertThat(late.due()).isOne();
    }

    @Test
    void oneWhoseRequestHasNotGoneOutWaitsUntilItHas() {
        late.take(3);
        late.sent();
        late.take(4);
        late.turnEnds();
        assertThat(late.due()).as("the first").isOne();
        endTurn();
        assertThat(late.due()).isEqualTo(2);
    }

    @Test
    void allCanBeTakenBeforeTheyAreDue() {
        late.take(3);
        assertThat(late.takeFirst()).isEqualTo(3);
        assertThat(late.due()).isZero();
    }

    private void look(boolean finds) {
        endTurn();
        late.takeFirst();
        late.ended(finds);
    }

    @Test
    void whereLooksFindNothingNoneIsTakenButOneNowAndThen() {
        int taken = 0;
        for (int i = 0; i < 1_000; i++) {
            if (late.take(i)) {
                taken++;
                look(false);
            }
        }
        assertThat(taken).isBetween(1, 30);
    }

    @Test
    void whereLooksMostlyFindSomethingAllAreTaken() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(late.take(i)).as("socket %d", i).isTrue();
            look(i % 4 != 3);
        }
    }
}
