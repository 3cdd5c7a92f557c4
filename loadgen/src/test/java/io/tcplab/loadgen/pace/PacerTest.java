package io.tcplab.loadgen.pace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class PacerTest {

    @Test
    void slotsStartAsManyAsThereAreAndThenOneForEachThatFallsFree() {
        Pacer pacer = new Pacer.Slots(2, 100);
        assertThat(pacer.nextStartNanos()).isEqualTo(100);
        pacer.take();
        pacer.take();
        assertThat(pacer.nextStartNanos()).isEqualTo(Long.MAX_VALUE);
        pacer.released(500);
        assertThat(pacer.nextStartNanos()).isEqualTo(500);
        pacer.take();
        assertThat(pacer.nextStartNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void noSlotsNeverStart() {
        assertThat(new Pacer.Slots(0, 0).nextStartNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void twoLoopsShareAScheduleWithoutOverlapOrGap() {
        ArrivalSchedule schedule = index -> index * 10;
        Pacer even = new Pacer.Scheduled(schedule, 1000, 0, 2);
        Pacer odd = new Pacer.Scheduled(schedule, 1000, 1, 2);
        assertThat(even.nextStartNanos()).isEqualTo(1000);
        assertThat(odd.nextStartNanos()).isEqualTo(1010);
        even.take();
        assertThat(even.nextStartNanos()).isEqualTo(1020);
    }

    @Test
    void whatBecameOfAConnectionDoesNotMoveASchedule() {
        Pacer pacer = new Pacer.Scheduled(index -> index * 10, 0, 0, 1);
        pacer.released(12345);
        assertThat(pacer.nextStartNanos()).isZero();
    }
}
