package io.tcplab.loadgen.merge;

import io.tcplab.loadgen.result.TimelineReader;
import java.io.Closeable;
import java.io.IOException;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * One shard's rows of one kind and side by time, on the merged timeline's clock. They are written in that order but for the first few;
 * {@link #HELD} rows are held to put those right, so that memory is constant.
 */
final class TimelineSource implements Closeable {

    private static final int HELD = 256;

    private record Held(long second, long number, TimelineReader.Row row) {}

    private final TimelineReader rows;
    private final String origin;
    private final double laterSeconds;
    private final PriorityQueue<Held> held =
            new PriorityQueue<>(Comparator.comparingLong(Held::second).thenComparingLong(Held::number));
    private long read;

    /**
     * @param origin the shard's directory, or the namespace whose kernel the rows show
     * @param laterSeconds how long after the first shard this one began
     */
    TimelineSource(TimelineReader rows, String origin, double laterSeconds) throws IOException {
        this.rows = rows;
        this.origin = origin;
        this.laterSeconds = laterSeconds;
        while (held.size() < HELD && hold()) {
            // until enough are held
        }
    }

    private boolean hold() throws IOException {
        TimelineReader.Row row = rows.next();
        if (row == null) {
            return false;
        }
        held.add(new Held((long) Math.floor(row.second() + laterSeconds), read++, row));
        return true;
    }

    boolean isOver() {
        return held.isEmpty();
    }

    /** The whole second of the earliest row; there must be one. */
    long second() {
        return held.element().second;
    }

    /** The earliest row when it belongs to {@code second} or should have come before; {@code null} otherwise. */
    TimelineReader.@Nullable Row upTo(long second) throws IOException {
        Held earliest = held.peek();
        if (earliest == null || earliest.second > second) {
            return null;
        }
        held.remove();
        hold();
        return earliest.row;
    }

    String origin() {
        return origin;
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
