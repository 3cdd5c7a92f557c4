package io.tcplab.loadgen.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.plan.CannotRun;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitSearchTest {

    private final List<Double> tried = new ArrayList<>();

    private LimitSearch.Bracket search(double start, LimitSearch.Trial trial) throws CannotRun {
        return new LimitSearch(1, 100_000, 0.03, 1, LimitFigure.RATE::rounded).from(start, value -> {
            tried.add(value);
            return trial.holds(value);
        });
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 10, 990, 1_000, 5_000, 90_000})
    void theLimitIsBracketedWhereverTheSearchStarts(double start) throws CannotRun {
        LimitSearch.Bracket bracket = search(start, value -> value <= 1_000);
        assertThat(bracket.lower()).isLessThanOrEqualTo(1_000);
        assertThat(bracket.upper()).isGreaterThan(1_000).isLessThanOrEqualTo(bracket.lower() * 1.031);
        assertThat(tried).hasSizeLessThan(25);
    }

    @Test
    void whatHoldsAtTheMostHasNoUpperEnd() throws CannotRun {
        assertThat(search(1_000, _ -> true)).isEqualTo(new LimitSearch.Bracket(100_000, Double.POSITIVE_INFINITY));
    }

    @Test
    void theMostMayLieBetweenTwoValuesThatCanBeTried() throws CannotRun {
        LimitSearch search = new LimitSearch(1, 10.4, 0.03, 1, LimitFigure.CONCURRENCY::rounded);
        assertThat(search.from(3, value -> tried.add(value) && tried.size() < 20))
                .isEqualTo(new LimitSearch.Bracket(10, Double.POSITIVE_INFINITY));
        assertThat(tried).containsExactly(3.0, 6.0, 10.0);
    }

    @Test
    void whatNeverHoldsHasNoLowerEnd() throws CannotRun {
        assertThat(search(1_000, _ -> false)).isEqualTo(new LimitSearch.Bracket(0, 1));
    }

    @Test
    void oneLuckyTryMakesNoLimit() throws CannotRun {
        List<Double> held = new ArrayList<>();
        LimitSearch.Bracket bracket = search(500, value -> {
            boolean lucky = value > 1_000 && value < 1_100 && !held.contains(value);
            held.add(value);
            return value <= 1_000 || lucky;
        });
        assertThat(bracket.lower()).isLessThanOrEqualTo(1_000).isGreaterThan(900);
    }

    @Test
    void wholeFiguresEndWhereNoWholeValueIsLeftBetween() throws CannotRun {
        LimitSearch.Bracket bracket =
                new LimitSearch(1, 1_000, 0.01, 0, LimitFigure.CONNECTIONS::rounded).from(1, value -> value <= 7);
        assertThat(bracket).isEqualTo(new LimitSearch.Bracket(7, 8));
    }
}
