package io.tcplab.loadgen.view;

import io.tcplab.loadgen.judge.warning.AcceptQueueOverflowed;
import io.tcplab.loadgen.judge.warning.RunWarning;
import io.tcplab.loadgen.view.Scene.Event;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was said and warned of in a run and in those before it. Not safe for threads: {@link RunTally} holds its lock. */
final class EventTally {

    /** Of earlier runs; the screen has room for fewer. */
    private static final int MOST_EARLIER = 100;

    private final List<Event> said = new ArrayList<>();
    private final Map<String, Event> warnings = new LinkedHashMap<>();
    private boolean overflowed;

    /** The newest of what was said, and each warning. */
    EventTally copy() {
        EventTally copy = new EventTally();
        copy.said.addAll(said.subList(Math.max(0, said.size() - MOST_EARLIER), said.size()));
        copy.warnings.putAll(warnings);
        return copy;
    }

    /** Goes on with those of the run before. */
    void take(EventTally before) {
        before.warnings.forEach((code, event) -> warnings.put(code, event.before()));
        before.said.forEach(event -> said.add(event.before()));
    }

    /** Adds what was said, {@code second} seconds after the recorded part began; absent before. */
    void says(@Nullable Double second, String sentence) {
        said.add(new Event(second, Event.Kind.SAID, sentence, ""));
    }

    /** Adds what the figures give cause for by now: what is known already has its newest figures, and its first time. */
    void warns(@Nullable Double second, List<Warned> found) {
        for (Warned warning : found) {
            Event known = warnings.get(warning.code());
            Double since = known == null ? second : known.second();
            warnings.put(warning.code(), new Event(since, Event.Kind.WARNING, warning.message(), warning.advice()));
            overflowed |= warning.code().equals(RunWarning.codeOf(AcceptQueueOverflowed.class));
        }
    }

    /** Whether an accept queue is known to have overflowed in this run. */
    boolean overflowed() {
        return overflowed;
    }

    /** All, in no order. */
    List<Event> all() {
        List<Event> all = new ArrayList<>(said);
        all.addAll(warnings.values());
        return all;
    }
}
