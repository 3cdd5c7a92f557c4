package io.tcplab.loadgen.watch;

import io.tcplab.kernel.observe.LimitSetBy;
import io.tcplab.kernel.observe.ObservedListener;
import io.tcplab.kernel.sockdiag.ListenerReading;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The accept queue of one listener under each limit that it had: a program may call listen(2) again while it listens, as nginx does at a
 * reload, and the new backlog holds from then on ({@code inet_listen}, net/ipv4/af_inet.c).
 */
final class QueueLimits {

    /** However often a program changes its limit, so many changes are kept. */
    private static final int MOST_CHANGES = 16;

    private final Map<Long, Under> byLimit = new LinkedHashMap<>();
    private final List<Change> changes = new ArrayList<>();
    private @Nullable Under now;
    private long drops;

    private record Change(long atNanos, long from, long to) {}

    /** The queue while this limit held. */
    static final class Under {
        private final long limit;
        private Optional<LimitSetBy> setBy = Optional.empty();
        private long peak;
        private long dropped;

        Under(long limit) {
            this.limit = limit;
        }

        long peak(boolean overflowed) {
            // One overflow proves that the queue held its limit and one more, whether a look met that moment or not.
            return overflowed ? Math.max(peak, limit + 1) : peak;
        }

        private double fullness() {
            return limit < 0 ? 0 : peak / (limit + 1.0);
        }

        /** The listener with this limit. */
        ObservedListener limiting(ObservedListener listener) {
            ListenerReading socket = listener.socket();
            return new ObservedListener(
                    new ListenerReading(
                            socket.address(),
                            socket.v6Only(),
                            socket.acceptQueueLength(),
                            limit,
                            socket.drops(),
                            socket.inode(),
                            socket.device()),
                    setBy,
                    listener.owner());
        }
    }

    void add(ObservedListener listener, long atNanos) {
        ListenerReading socket = listener.socket();
        long limit = socket.acceptQueueLimit();
        Under before = now;
        Under under = byLimit.computeIfAbsent(limit, Under::new);
        if (before != null && before.limit != limit && changes.size() < MOST_CHANGES) {
            changes.add(new Change(atNanos, before.limit, limit));
        }
        under.setBy = listener.setBy();
        under.peak = Math.max(under.peak, socket.acceptQueueLength());
        if (before != null) {
            // Of two limits that held since the last look, the lower one has overflowed.
            (before.limit < limit ? before : under).dropped += socket.drops() - drops;
        }
        drops = socket.drops();
        now = under;
    }

    /** The limit by which the queue was fullest; of one that overflowed, the one under which most was dropped. */
    Under worst(boolean overflowed) {
        Comparator<Under> byFullness = Comparator.comparingDouble(Under::fullness);
        return byLimit.values().stream()
                .max(
                        overflowed
                                ? Comparator.comparingLong((Under each) -> each.dropped)
                                        .thenComparing(byFullness)
                                : byFullness)
                .orElseThrow();
    }

    /** When the limit was first seen to be another one; empty where it always was the same. */
    List<ListenerFigures.LimitChange> changes(long recordedFromNanos) {
        return changes.stream()
                .map(each -> new ListenerFigures.LimitChange(
                        Math.round((each.atNanos - recordedFromNanos) / 1e6) / 1e3, each.from, each.to))
                .toList();
    }
}
