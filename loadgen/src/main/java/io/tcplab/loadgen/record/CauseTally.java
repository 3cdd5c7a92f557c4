package io.tcplab.loadgen.record;

import io.tcplab.kernel.syscall.Errno;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Distinct causes, each kept once with its count, when it was first and last seen, and the spread of its evidence. Safe for several
 * threads; nothing is allocated for a cause that was seen before.
 */
public final class CauseTally {

    private static final int LIMIT = 100;
    private static final long MOST = Long.MAX_VALUE / 4;
    private static final double MICROS_PER_MILLI = 1e3;

    private final List<Entry> entries = new ArrayList<>();

    /**
     * One distinct cause. A spread is {@code null} where the figure is never known.
     *
     * @param cause what was seen
     * @param count how often
     * @param firstNanos when first, a {@link System#nanoTime} value
     * @param lastNanos when last
     * @param idleMillis how long nothing had been in progress
     * @param exchanges requests answered before
     * @param sentBytes of the request in progress
     * @param acknowledgedBytes of all of the connection's bytes
     * @param receivedBytes of the response in progress
     * @param ageMillis how long the connections had been established
     */
    public record Counted(
            Cause cause,
            long count,
            long firstNanos,
            long lastNanos,
            @Nullable Spread idleMillis,
            @Nullable Spread exchanges,
            @Nullable Spread sentBytes,
            @Nullable Spread acknowledgedBytes,
            @Nullable Spread receivedBytes,
            @Nullable Spread ageMillis) {}

    private static final class Entry {
        private final Cause cause;
        private final long firstNanos;
        private final Values idleMicros = new Values();
        private final Values exchanges = new Values();
        private final Values sentBytes = new Values();
        private final Values acknowledgedBytes = new Values();
        private final Values receivedBytes = new Values();
        private final Values ageMicros = new Values();
        private long lastNanos;
        private long count;

        Entry(Cause cause, long nowNanos) {
            this.cause = cause;
            this.firstNanos = nowNanos;
        }

        void add(Sighting seen, long nowNanos) {
            count++;
            lastNanos = nowNanos;
            idleMicros.add(seen.idleMicros);
            exchanges.add(seen.exchanges);
            sentBytes.add(seen.sentBytes);
            acknowledgedBytes.add(seen.acknowledgedBytes);
            receivedBytes.add(seen.receivedBytes);
            ageMicros.add(seen.ageMicros);
        }

        Counted read() {
            return new Counted(
                    cause,
                    count,
                    firstNanos,
                    lastNanos,
                    idleMicros.spread(MICROS_PER_MILLI),
                    exchanges.spread(1),
                    sentBytes.spread(1),
                    acknowledgedBytes.spread(1),
                    receivedBytes.spread(1),
                    ageMicros.spread(MICROS_PER_MILLI));
        }
    }

    /** The values of one figure, where it is known. */
    private static final class Values {
        private @Nullable Histogram histogram;

        void add(long value) {
            if (value == Sighting.UNKNOWN) {
                return;
            }
            Histogram known = histogram;
            if (known == null) {
                known = new Histogram(1, 2, 3);
                known.setAutoResize(true);
                histogram = known;
            }
            known.recordValue(Math.clamp(value, 0, MOST));
        }

        @Nullable
        Spread spread(double unit) {
            return Spread.of(histogram, unit);
        }
    }

    /** Counts one occurrence at {@code nowNanos}. Beyond 100 distinct causes, new ones are counted together. */
    public synchronized void count(Sighting seen, long nowNanos) {
        for (Entry entry : entries) {
            if (seen.is(entry.cause)) {
                entry.add(seen, nowNanos);
                return;
            }
        }
        Entry entry;
        if (entries.size() < LIMIT) {
            entry = new Entry(seen.cause(), nowNanos);
            entries.add(entry);
        } else if (entries.size() == LIMIT) {
            Cause others = new Cause(Incident.CALL_FAILED, "other causes", Errno.UNKNOWN, Phase.ENDED, 0);
            entry = new Entry(others, nowNanos);
            entries.add(entry);
        } else {
            entry = entries.getLast();
        }
        entry.add(seen, nowNanos);
    }

    /** Returns the causes in the order in which they were first seen. */
    public synchronized List<Counted> read() {
        return entries.stream().map(Entry::read).toList();
    }
}
