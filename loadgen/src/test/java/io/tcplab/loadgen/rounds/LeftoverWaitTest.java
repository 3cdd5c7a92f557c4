package io.tcplab.loadgen.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** TIME_WAITs of earlier rounds are waited for where rounds share a host, and nowhere else. */
@Timeout(30)
class LeftoverWaitTest {

    private static LeftoverWait seeing(boolean shared, boolean interrupted, Integer... counts) {
        Queue<Integer> readings = new ArrayDeque<>(List.of(counts));
        return new LeftoverWait(
                shared,
                true,
                100,
                () -> readings.size() > 1 ? readings.remove() : readings.element(),
                () -> interrupted);
    }

    @Test
    void aRoundWaitsUntilFewAreLeftAndTheResultSaysSo() {
        LeftoverWait leftovers = seeing(true, false, 5000, 900, 40);
        leftovers.awaitFew();
        assertThat(leftovers.notes())
                .singleElement()
                .asString()
                .contains("up to 40 TIME_WAITs", "s of waiting", "--isolate netns");
    }

    @Test
    void fewAreNotWaitedFor() {
        LeftoverWait leftovers = seeing(true, false, 99);
        leftovers.awaitFew();
        assertThat(leftovers.notes())
                .singleElement()
                .asString()
                .contains("up to 99")
                .doesNotContain("waiting");
    }

    @Test
    void anInterruptionEndsTheWait() {
        LeftoverWait leftovers = seeing(true, true, 5000);
        leftovers.awaitFew();
        assertThat(leftovers.notes()).singleElement().asString().contains("up to 5,000");
    }

    @Test
    void freshNamespacesHaveNone() {
        LeftoverWait leftovers = seeing(false, false, 5000);
        leftovers.awaitFew();
        assertThat(leftovers.notes()).isEmpty();
    }
}
