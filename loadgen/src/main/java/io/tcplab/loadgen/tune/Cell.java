package io.tcplab.loadgen.tune;

import io.tcplab.loadgen.run.Isolation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One combination of values, each of which is set on purpose; a knob that is not in it has the value that it has anyway.
 *
 * @param settings value by knob
 */
public record Cell(Map<Knob, String> settings) {

    static final String LOOPBACK = "loopback";
    static final String CABLE = "netns";

    public Cell {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /** What makes the profile this cell's. */
    public List<String> sets() {
        List<String> sets = new ArrayList<>();
        settings.forEach((knob, value) -> {
            if (knob.kind() != Knob.Kind.PATH) {
                sets.add(knob.assignment(value));
            }
        });
        return sets;
    }

    /** Where it runs. */
    public Isolation isolation() {
        return LOOPBACK.equals(settings.get(Knob.PATH)) ? Isolation.LOOPBACK : Isolation.NETNS;
    }

    /** The same without some knobs. */
    public Cell without(Set<Knob> knobs) {
        Map<Knob, String> rest = new LinkedHashMap<>(settings);
        rest.keySet().removeAll(knobs);
        return new Cell(rest);
    }

    /** For example {@code tcp_tw_reuse=1 tcp_timestamps=0}. */
    public String name() {
        List<String> parts = new ArrayList<>();
        settings.forEach((knob, value) -> parts.add(knob.brief() + "=" + value));
        return parts.isEmpty() ? "as written" : String.join(" ", parts);
    }

    @Override
    public String toString() {
        return name();
    }
}
