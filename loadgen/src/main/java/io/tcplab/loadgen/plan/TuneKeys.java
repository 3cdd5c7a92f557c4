package io.tcplab.loadgen.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a profile's {@code tune} key asks of {@code tcplab tune}; a plain run ignores it.
 *
 * @param repeat rounds of each cell, 0 = not given
 * @param parallel cells that run at the same time, 0 = not given
 * @param matrices each spans one set of cells
 */
public record TuneKeys(int repeat, int parallel, List<Matrix> matrices) {

    /** There is no such key. */
    public static final TuneKeys NONE = new TuneKeys(0, 0, List.of());

    private enum Isolate {
        NETNS,
        LOOPBACK
    }

    private static final int MOST = 100;
    private static final int MOST_MATRICES = 1_000;

    private static final Shape<Map<String, List<String>>> VALUES =
            new FreeKeys<>(Shapes.ANYTHING, "", (_, _) -> {}, new OneOrMore(Shapes.TEXT));

    private static final Key<Matrix, Map<String, List<String>>> CLIENT = values(
            "client", Matrix::clientSysctls, "values by sysctl, on the client's side: one value or a list of values");
    private static final Key<Matrix, Map<String, List<String>>> SERVER =
            values("server", Matrix::serverSysctls, "values by sysctl, on the server's side");
    private static final Key<Matrix, Map<String, List<String>>> SET =
            values("set", Matrix::sets, "values by the path of a profile's key, as in --set");
    private static final Key<Matrix, Boolean> ISOLATE = Key.of(
            "isolate",
            Shapes.word(Isolate.class)
                    .as(each -> each == Isolate.LOOPBACK, each -> each ? Isolate.LOOPBACK : Isolate.NETNS),
            false,
            Matrix::loopback,
            "netns = two namespaces joined by a veth pair; loopback = both sides in one namespace");
    private static final Form<Matrix> MATRIX = new Form<>(
            List.of(CLIENT, SERVER, SET, ISOLATE),
            given -> new Matrix(given.of(CLIENT), given.of(SERVER), given.of(SET), given.of(ISOLATE)));

    private static final Key<TuneKeys, Integer> REPEAT = Key.optional(
            "repeat", Shapes.count(1, MOST), keys -> keys.repeat() == 0 ? null : keys.repeat(), "rounds of each cell");
    private static final Key<TuneKeys, Integer> PARALLEL = Key.optional(
            "parallel",
            Shapes.count(1, MOST),
            keys -> keys.parallel() == 0 ? null : keys.parallel(),
            "cells that run at the same time");
    private static final Key<TuneKeys, List<Matrix>> MATRICES = Key.of(
            "matrices",
            new ListOf<>(MATRIX, 0, MOST_MATRICES),
            List.of(),
            TuneKeys::matrices,
            "each gives one cell for every combination of its values");

    static final Form<TuneKeys> FORM = new Form<>(List.of(REPEAT, PARALLEL, MATRICES), TuneKeys::of);

    public TuneKeys {
        matrices = List.copyOf(matrices);
    }

    /**
     * Every combination of these values.
     *
     * @param clientSysctls values by sysctl, on the client's side
     * @param serverSysctls likewise on the server's
     * @param sets values by the path of a profile's key
     * @param loopback both sides in one namespace, over lo, instead of a pair of namespaces
     */
    public record Matrix(
            Map<String, List<String>> clientSysctls,
            Map<String, List<String>> serverSysctls,
            Map<String, List<String>> sets,
            boolean loopback) {}

    /** Reads the key {@code tune} of a profile; throws {@link ProfileError} when it is wrong. */
    public static TuneKeys read(Path file) {
        Node root = ProfileReader.tree(file.toString(), ProfileReader.text(file));
        Node.Field tune = root instanceof Node.Fields fields ? fields.fields().get("tune") : null;
        return tune == null ? NONE : FORM.read(new Value("tune", tune.value()));
    }

    private static TuneKeys of(Given given) {
        Integer repeat = given.find(REPEAT);
        Integer parallel = given.find(PARALLEL);
        return new TuneKeys(repeat == null ? 0 : repeat, parallel == null ? 0 : parallel, given.of(MATRICES));
    }

    private static Key<Matrix, Map<String, List<String>>> values(
            String name, Function<Matrix, Map<String, List<String>>> getter, String sentence) {
        return Key.of(name, VALUES, Map.of(), getter, sentence);
    }
}
