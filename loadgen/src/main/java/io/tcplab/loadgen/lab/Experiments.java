package io.tcplab.loadgen.lab;

import io.tcplab.loadgen.lab.close.*;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The catalogue: every experiment, in the order in which they are told. */
public final class Experiments {
    private static final List<Experiment> ALL = List.of(
            new ClientClosesThenServer());

    private Experiments() {}

    /** All of them; those that wait true minutes only if asked for. */
    public static List<Experiment> all(boolean withLong) {
        return ALL.stream().filter(each -> withLong || !each.card().longRun()).toList();
    }

    /** The experiment with this id, in letters of any case. */
    public static Optional<Experiment> byId(String id) {
        return ALL.stream().filter(each -> each.card().id().equalsIgnoreCase(id)).findFirst();
    }

    /** The ids that begin with the same letter as an unknown one, to be helpful. */
    public static List<String> idsLike(String id) {
        String first = id.isEmpty() ? "" : id.substring(0, 1).toUpperCase(Locale.ROOT);
        List<String> all = ALL.stream().map(each -> each.card().id()).toList();
        List<String> near = all.stream().filter(each -> each.startsWith(first)).toList();
        return near.isEmpty() ? all : near;
    }
}
