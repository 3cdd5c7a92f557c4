package io.tcplab.loadgen.fleet;

import io.tcplab.loadgen.record.IntervalReading;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * The progress of all generators as that of one: an interval is handed over as soon as every generator that still runs has reported it.
 * Any thread may report.
 */
final class MergedProgress {

    /** A generator that is so many intervals behind is not waited for. */
    private static final int MOST_BEHIND = 3;

    private final Consumer<IntervalReading> to;
    private final Map<Member, Queue<Interval>> waiting = new LinkedHashMap<>();

    MergedProgress(List<Member> members, Consumer<IntervalReading> to) {
        this.to = to;
        members.forEach(member -> waiting.put(member, new ArrayDeque<>()));
    }

    synchronized void add(Member member, Interval interval) {
        Queue<Interval> own = waiting.get(member);
        if (own != null) {
            own.add(interval);
        }
        handOver(false);
    }

    /** A generator reports no more. */
    synchronized void ended() {
        handOver(false);
    }

    /** Nobody reports any more. */
    synchronized void finish() {
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
                        .allMatch(each -> !each.getValue().isEmpty()
                                || each.getKey().drained.isDone());
    }
}
