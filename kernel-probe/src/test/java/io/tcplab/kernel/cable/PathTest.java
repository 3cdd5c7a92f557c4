package io.tcplab.kernel.cable;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PathTest {

    private static final int PACKETS = 100_000;

    private static Path path(PathSettings settings, long seed) {
        Path path = new Path(Side.CLIENT, seed);
        path.set(new CableSettings(settings, PathSettings.NOTHING, List.of()));
        return path;
    }

    private static PathSettings loss(double share, double burst) {
        return new PathSettings(0, 0, share, burst, 0, 0, 0, 0);
    }

    private static boolean[] lost(Path path) {
        boolean[] lost = new boolean[PACKETS];
        for (int i = 0; i < PACKETS; i++) {
            lost[i] = path.isLostByChance();
        }
        return lost;
    }

    @Test
    void shareLostIsTheShareAsked() {
        long count = 0;
        for (boolean each : lost(path(loss(0.01, 1), 7))) {
            count += each ? 1 : 0;
        }
        // 1 % of 100,000 is 1,000; five standard deviations of the binomial are 157.
        assertThat(count).isBetween(843L, 1_157L);
    }

    @Test
    void burstsHaveTheirMeanLengthAndTheSameShare() {
        int bursts = 0;
        int count = 0;
        boolean before = false;
        for (boolean now : lost(path(loss(0.05, 5), 7))) {
            count += now ? 1 : 0;
            bursts += now && !before ? 1 : 0;
            before = now;
        }
        assertThat(count / (double) PACKETS).isBetween(0.04, 0.06);
        assertThat(count / (double) bursts).isBetween(4.5, 5.5);
    }

    @Test
    void sameSeedLosesTheSamePackets() {
        assertThat(lost(path(loss(0.3, 2), 7))).isEqualTo(lost(path(loss(0.3, 2), 7)));
        assertThat(lost(path(loss(0.3, 2), 7))).isNotEqualTo(lost(path(loss(0.3, 2), 8)));
    }

    @Test
    void jitterKeepsTheOrder() {
        Path path = path(new PathSettings(1_000, 900, 0, 1, 0, 0, 0, 0), 7);
        long before = Long.MIN_VALUE;
        for (int i = 0; i < 10_000; i++) {
            long due = path.due(i * 100L, 60);
            assertThat(due).isGreaterThanOrEqualTo(before);
            before = due;
        }
    }

    @Test
    void rateMakesPacketsWaitAndDropsTheTailOfTheQueue() {
        // 1,250 bytes at 10 Mbit/s take 1 ms; the queue holds 3 ms of them beside the one on its way.
        Path path = path(new PathSettings(0, 0, 0, 1, 0, 0, 10_000_000, 3_000_000), 7);
        List<Long> due = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            due.add(path.due(0, 1_250));
        }
        assertThat(due).containsExactly(1_000_000L, 2_000_000L, 3_000_000L, 4_000_000L, Path.LOST, Path.LOST);
        assertThat(path.due(4_000_000, 1_250)).isEqualTo(5_000_000);
    }

    @Test
    void queueGivesPacketsInTheOrderOfTheirTimesAndOfArrival() {
        DueQueue queue = new DueQueue();
        SplittableRandom random = new SplittableRandom(1);
        long[] due = new long[5_000];
        for (int i = 0; i < due.length; i++) {
            due[i] = random.nextInt(500);
            queue.add(due[i], i);
        }
        int before = queue.poll();
        while (!queue.isEmpty()) {
            int now = queue.poll();
            assertThat(due[now] > due[before] || (due[now] == due[before] && now > before))
                    .isTrue();
            before = now;
        }
    }

    @Test
    void percentilesAreAtMostOnePercentTooLong() {
        Lateness late = new Lateness();
        for (int i = 1; i <= 1_000; i++) {
            late.record(i * 1_000L);
        }
        assertThat(late.percentile(0.5)).isBetween(500_000L, 504_000L);
        assertThat(late.percentile(0.99)).isBetween(990_000L, 1_000_000L);
        assertThat(late.percentile(1)).isEqualTo(1_000_000);
    }

    @Test
    void storeGivesEverySlotOnceUntilItIsFull() {
        try (PacketStore store = new PacketStore(2_048, 2_048)) {
            boolean[] taken = new boolean[2_048];
            for (int i = 0; i < 2_048; i++) {
                int slot = store.take();
                assertThat(taken[slot]).isFalse();
                taken[slot] = true;
            }
            assertThat(store.take()).isEqualTo(PacketStore.FULL);
            store.release(5);
            assertThat(store.take()).isEqualTo(5);
        }
    }
}
