package io.tcplab.loadgen.merge;

import io.tcplab.loadgen.record.IntervalReading;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The progress of all generators as that of one: an interval is handed over as soon as every generator that still runs has reported it.
 * Any thread may report.
 *
 * @param <G> a generator
 */
public final class MergedProgress<G> {

    /** A generator that is so many intervals behind is not waited for. */
    private static final int MOST_BEHIND = 3;

    private final Predicate<G> ended;
    private final Consumer<IntervalReading> to;
    private final Map<G, Queue<Interval>> waiting = new LinkedHashMap<>();

    /** Of these generators; {@code ended} are those from which nothing more comes. */
    public MergedProgress(List<G> generators, Predicate<G> ended, Consumer<IntervalReading> to) {
        this.ended = ended;
        this.to = to;
        generators.forEach(each -> waiting.put(each, new ArrayDeque<>()));
    }

    /** A generator reports its next interval. */
    public synchronized void add(G generator, Interval interval) {
        Queue<Interval> own = waiting.get(generator);
        if (own != null) {
            own.add(interval);
        }
        handOver(false);
    }

    /** A generator reports no more. */
    public synchronized void ended() {
        handOver(false);
    }

    /** Nobody reports any more. */
    public synchronized void finish() {
        handOver(true);
    }

    private void handOver(boolean all) {
        while (waiting.values().stream().anyMatch(own -> !own.isEmpty()) && (all || isComplete())) {
            List<Interval> parts = new ArrayList<>();
            for (Queue<Interval> own : waiting.values()) {
                Interval next = own.poll();
                if (next != null) {
                    parts.add(next);
                }
            }
            to.accept(Interval.together(parts));
        }
    }

    private boolean isComplete() {
        boolean farBehind = waiting.values().stream().anyMatch(own -> own.size() > MOST_BEHIND);
        return farBehind
                || waiting.entrySet().stream()
                        .allMatch(each -> !each.getValue().isEmpty() || ended.test(each.getKey()));
    }
}
