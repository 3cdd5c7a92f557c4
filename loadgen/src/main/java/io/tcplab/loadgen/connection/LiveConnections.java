package io.tcplab.loadgen.connection;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The connections of one event loop that hold a slot, and those left open on purpose. Confined to the loop but for {@link #count}. */
final class LiveConnections {

    private final List<Connection> abandoned = new ArrayList<>();

    /** For the sampling thread. */
    private final AtomicInteger count = new AtomicInteger();

    private @Nullable Connection first;
    private int live;

    /** Those that have ended, to begin anew; linked by {@code next}. */
    private @Nullable Connection spare;

    /** Any thread may ask. */
    int count() {
        return count.getOpaque();
    }

    boolean isEmpty() {
        return live == 0;
    }

    void add(Connection connection) {
        Connection second = first;
        connection.next = second;
        if (second != null) {
            second.previous = connection;
        }
        first = connection;
        connection.listed = true;
        count.setOpaque(++live);
    }

    /** Returns one that has ended, which now is the caller's; null = there is none. */
    @Nullable
    Connection takeSpare() {
        Connection taken = spare;
        if (taken != null) {
            spare = taken.next;
            taken.next = null;
        }
        return taken;
    }

    /** Keeps one that has ended, that was taken out, and that nobody will call any more but those who are in a call of it. */
    void spare(Connection ended) {
        ended.next = spare;
        spare = ended;
    }

    /** Takes it out; false = it was not in. */
    boolean remove(Connection connection) {
        if (!connection.listed) {
            return false;
        }
        Connection before = connection.previous;
        Connection after = connection.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after != null) {
            after.previous = before;
        }
        connection.previous = null;
        connection.next = null;
        connection.listed = false;
        count.setOpaque(--live);
        return true;
    }

    /** Keeps one that was left open, until {@link #cut}. */
    void abandon(Connection connection) {
        abandoned.add(connection);
    }

    /** Moves those in progress to the recorded part; returns how many there are. */
    long carryOver(Recording recording) {
        long carried = 0;
        for (Connection connection = first; connection != null; connection = connection.next) {
            carried += connection.carryOver(recording.recorded(connection.route())) ? 1 : 0;
        }
        return carried;
    }

    /** Brings each to its planned end. */
    void wrapUp(long now) {
        List<Connection> all = new ArrayList<>(live);
        for (Connection connection = first; connection != null; connection = connection.next) {
            all.add(connection);
        }
        for (Connection connection : all) {
            connection.wrapUp(now);
        }
    }

    /** Closes what is still open, those left open on purpose too. */
    void cut(long now) {
        Connection connection = first;
        while (connection != null) {
            Connection after = connection.next;
            connection.cut(now);
            connection = after;
        }
        for (Connection left : abandoned) {
            left.cut(now);
        }
    }
}
