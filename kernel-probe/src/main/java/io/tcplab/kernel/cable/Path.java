package io.tcplab.kernel.cable;

import io.tcplab.kernel.Side;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One direction of the cable: decides of each packet whether it is lost, when it is due, and whether it comes twice; and counts. The
 * same seed and the same packets give the same decisions. One thread's.
 */
final class Path {

    /** {@link #due}: it is lost. */
    static final long LOST = Long.MIN_VALUE;

    private static final long LEAST_HELD_BACK_NANOS = 1_000_000;
    private static final int NANOS_PER_SECOND = 1_000_000_000;

    private final Side from;
    private final SplittableRandom chance;
    private final long[] segments = new long[SegmentKind.values().length];
    private final long[] dropped = new long[DropReason.values().length];
    private final long[] nth = new long[CableSettings.MOST_NAMED_WITH_A_FAULT];

    private PathSettings settings = PathSettings.NOTHING;
    private List<NamedLoss> lose = List.of();
    private boolean inBurst;
    private long busyUntilNanos;
    private long lastDueNanos = Long.MIN_VALUE;

    private long retransmitted;
    private long other;
    private long heldBack;
    private long duplicated;
    private long delivered;
    private long droppedSegments;
    private long deliveredBytes;
    private long second = Long.MIN_VALUE;
    private long bytesOfSecond;
    private long mostBytesOfSecond;

    /** How long packets were in the cable. */
    final Lateness under = new Lateness();

    Path(Side from, long seed) {
        this.from = from;
        this.chance = new SplittableRandom(seed + from.ordinal());
    }

    void set(CableSettings all) {
        settings = all.from(from);
        List<NamedLoss> before = lose;
        lose = all.lose();
        for (int i = 0; i < nth.length; i++) {
            boolean stays =
                    i < before.size() && i < lose.size() && before.get(i).equals(lose.get(i));
            nth[i] = stays ? nth[i] : 0;
        }
        if (settings.bitsPerSecond() == 0) {
            busyUntilNanos = Long.MIN_VALUE;
        }
    }

    /** Begins to count anew which segment is the n-th of the run. */
    void countNamedAnew() {
        Arrays.fill(nth, 0);
    }

    /** Counts a segment that a side sent, and returns whether it is lost by name. */
    boolean isLostByName(Frame frame, Flows flows) {
        if (flows.turnTo(from, frame)) {
            retransmitted++;
        }
        segments[frame.kind().ordinal()]++;
        boolean lost = false;
        for (int i = 0; i < lose.size(); i++) {
            NamedLoss named = lose.get(i);
            if ((named.side() == null || named.side() == from) && isOf(named.kind(), frame, flows)) {
                long count = named.perConnection() ? flows.countNamed(i) : ++nth[i];
                lost |= named.nth() == 0 || named.nth() == count;
            }
        }
        return lost;
    }

    private boolean isOf(SegmentKind kind, Frame frame, Flows flows) {
        return frame.kind() == kind
                || (kind == SegmentKind.LAST_ACK && frame.kind() == SegmentKind.ACK && flows.isLastAck(from, frame));
    }

    void countOther() {
        other++;
    }

    boolean isLostByChance() {
        double loss = settings.loss();
        if (loss <= 0 || loss >= 1) {
            return loss >= 1;
        }
        if (settings.meanBurst() <= 1) {
            return chance.nextDouble() < loss;
        }
        // Gilbert's model: every packet of the bad state is lost; the mean stay there is meanBurst, the share of it is
        // loss.
        double leave = 1 / settings.meanBurst();
        double enter = Math.min(1, leave * loss / (1 - loss));
        inBurst = chance.nextDouble() < (inBurst ? 1 - leave : enter);
        return inBurst;
    }

    boolean isDuplicated() {
        boolean twice = settings.duplicate() > 0 && chance.nextDouble() < settings.duplicate();
        if (twice) {
            duplicated++;
        }
        return twice;
    }

    /** When a packet that arrived then is due at the other end, or {@link #LOST} where the queue before the rate is full. */
    long due(long arrivedNanos, int bytes) {
        long leaves = arrivedNanos;
        if (settings.bitsPerSecond() > 0) {
            long begins = Math.max(arrivedNanos, busyUntilNanos);
            if (begins - arrivedNanos > settings.queueNanos()) {
                return LOST;
            }
            busyUntilNanos = begins + bytes * 8L * NANOS_PER_SECOND / settings.bitsPerSecond();
            leaves = busyUntilNanos;
        }
        long due = leaves + settings.delayNanos();
        if (settings.jitterNanos() > 0) {
            due += chance.nextLong(-settings.jitterNanos(), settings.jitterNanos() + 1);
        }
        if (settings.reorder() > 0 && chance.nextDouble() < settings.reorder()) {
            heldBack++;
            return due + Math.max(LEAST_HELD_BACK_NANOS, settings.delayNanos() / 2);
        }
        lastDueNanos = Math.max(due, lastDueNanos);
        return lastDueNanos;
    }

    void drop(DropReason reason, boolean isSegment) {
        dropped[reason.ordinal()]++;
        if (isSegment) {
            droppedSegments++;
        }
    }

    void dropUnseen(long count) {
        dropped[DropReason.RING.ordinal()] += count;
    }

    void deliver(boolean isSegment, int bytes, long arrivedNanos, long nowNanos) {
        if (isSegment) {
            delivered++;
            // What is not played on, such as ARP, passes at once and says nothing of the delay.
            under.record(nowNanos - arrivedNanos);
        }
        deliveredBytes += bytes;
        long now = Math.floorDiv(nowNanos, (long) NANOS_PER_SECOND);
        if (now != second) {
            second = now;
            bytesOfSecond = 0;
        }
        bytesOfSecond += bytes;
        mostBytesOfSecond = Math.max(mostBytesOfSecond, bytesOfSecond);
    }

    /** What it has counted so far. */
    CableReading.Direction read() {
        return new CableReading.Direction(
                segments.clone(),
                retransmitted,
                other,
                dropped.clone(),
                droppedSegments,
                delivered,
                deliveredBytes,
                mostBytesOfSecond * 8,
                heldBack,
                duplicated,
                under.count(),
                under.percentile(0.5));
    }
}
