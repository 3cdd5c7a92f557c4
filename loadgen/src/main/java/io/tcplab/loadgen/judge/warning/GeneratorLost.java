package io.tcplab.loadgen.judge.warning;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A generator of a load from many machines left no result; found where they are waited for.
 *
 * @param group the other group of generators that has no result without it; absent = it is one of those whose figures these are
 */
public record GeneratorLost(
        String generator,
        int part,
        int of,
        double second,
        String how,
        @Nullable String group) implements RunWarning {

    static final GeneratorLost EXAMPLE = new GeneratorLost(
            "generator 1 (node-b, process 4711)",
            1,
            3,
            3.1,
            "its connection ended: its process or its machine is gone",
            null);

    /** Of one generator's facts none can be lost. */
    static List<RunWarning> in(Facts facts) {
        return List.of();
    }

    @Override
    public String when() {
        return "one of the generators that joined a load (`lead`, `join`) produced no result: the figures are those of the others";
    }

    @Override
    public String message() {
        return generator + " was lost " + String.format(Locale.ROOT, "%.1f", second)
                + " s after the start: " + how + ". "
                + (group == null
                        ? "Its share, " + (of == 1 ? "all" : "1/" + of) + " of the load, is missing in these figures."
                        : "Its group, " + group
                                + ", has no result: nothing is compared with these figures, and the target"
                                + " had less to do.");
    }

    @Override
    public String advice() {
        return "look at that generator's own output, and run again";
    }

    @Override
    public boolean invalidates() {
        return true;
    }
}
