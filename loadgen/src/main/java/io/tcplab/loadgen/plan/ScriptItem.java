package io.tcplab.loadgen.plan;

import io.tcplab.loadgen.plan.Script.Step;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An element of a script's list: a step, or the steps of its loop or its end.
 *
 * @param kind which of these
 * @param step absent where it is not a step
 * @param inside empty where it is a step
 */
record ScriptItem(Kind kind, @Nullable Step step, List<ScriptItem> inside) {

    enum Kind {
        STEP,
        LOOP,
        LAST
    }

    static ScriptItem of(Step step) {
        return new ScriptItem(Kind.STEP, step, List.of());
    }

    static ScriptItem of(Kind kind, List<ScriptItem> inside) {
        return new ScriptItem(kind, null, inside);
    }

    static List<ScriptItem> of(List<Step> steps) {
        return steps.stream().map(ScriptItem::of).toList();
    }

    String name() {
        return step == null ? "" : step.name();
    }

    static ScriptItem step(Given given) {
        String kind = ScriptKeys.kindOf(given);
        if (kind == null) {
            throw given.whole()
                    .meaning(
                            "must have exactly one of send, expect and pause; loop and last stand in the script's own list");
        }
        return ScriptKeys.item(given, kind);
    }

    /** The steps of a list that has no loop in it. */
    static List<Step> steps(List<ScriptItem> items) {
        return items.stream()
                .<Step>mapMulti((item, steps) -> {
                    Step one = item.step();
                    if (one != null) {
                        steps.accept(one);
                    }
                })
                .toList();
    }
}
