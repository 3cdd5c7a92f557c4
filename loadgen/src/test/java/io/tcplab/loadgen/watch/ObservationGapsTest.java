package io.tcplab.loadgen.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class ObservationGapsTest {

    private static final long SECOND = 1_000_000_000;
    private static final long BEGAN = -7 * SECOND; // System.nanoTime may be negative

    /** Observed at these times, in thousandths of a second since the recorded part began. */
    private static ObservationGaps observed(LongStream millis) {
        ObservationGaps gaps = new ObservationGaps();
        millis.forEach(each -> gaps.add(BEGAN + each * 1_000_000));
        return gaps;
    }

    private static LongStream every100Millis(long from, long to) {
        return LongStream.range(from / 100, to / 100).map(each -> each * 100);
    }

    @Test
    void anObserverThatWasStoppedAndWentOnHasAGap() {
        ObservationGaps gaps = observed(LongStream.concat(every100Millis(0, 2200), every100Millis(5300, 8000)));
        assertThat(gaps.longest(BEGAN)).isEqualTo(new KernelFigures.Stretch(2.1, 5.3));
    }

    @Test
    void oneThatLooksEveryTwoSecondsHasNone() {
        assertThat(observed(LongStream.range(0, 20).map(each -> each * 2000)).longest(BEGAN))
                .isNull();
    }

    @Test
    void aShortDelayIsNone() {
        ObservationGaps gaps = observed(LongStream.concat(every100Millis(0, 2200), every100Millis(3000, 8000)));
        assertThat(gaps.longest(BEGAN)).isNull();
    }

    @Test
    void twoObservationsDoNotShowTheUsualInterval() {
        assertThat(observed(LongStream.of(0, 5000)).longest(BEGAN)).isNull();
    }

    @Test
    void whatEndedBeforeTheRecordedPartIsNotOfIt() {
        ObservationGaps gaps = observed(LongStream.concat(every100Millis(-6000, -5000), every100Millis(-2000, 1000)));
        assertThat(gaps.longest(BEGAN)).isNull();
        gaps = observed(LongStream.concat(every100Millis(-6000, -5000), every100Millis(1000, 2000)));
        assertThat(gaps.longest(BEGAN)).isEqualTo(new KernelFigures.Stretch(0, 1));
    }
}
