package io.tcplab.loadgen.plan;

import io.tcplab.loadgen.plan.Script.Expect;
import io.tcplab.loadgen.plan.Script.Step;
import io.tcplab.loadgen.plan.Script.UntilClose;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Steps, among which {@code loop: […]} and {@code last: […]} hold steps of their own. Without a loop the list itself is the exchange.
 *
 * @param list the list
 */
record ScriptShape(Shape<List<ScriptItem>> list) implements Shape<Script> {

    static final String DEFINITION = "script";

    @Override
    public Script read(Value value) {
        List<ScriptItem> items = list.read(value);
        List<Value> places = value.items();
        int loop = place(items, places, ScriptItem.Kind.LOOP);
        int last = place(items, places, ScriptItem.Kind.LAST);
        if (last >= 0 && last < items.size() - 1) {
            throw places.get(last).meaning("last must be the last element of the script");
        }
        int end = last < 0 ? items.size() : last;
        if (loop >= 0 && loop < end - 1) {
            throw places.get(loop + 1)
                    .meaning("stands behind the loop; what is said before the close belongs into last: […]");
        }
        List<Step> before = ScriptItem.steps(items.subList(0, loop < 0 ? end : loop));
        List<Step> farewell =
                last < 0 ? List.of() : ScriptItem.steps(items.get(last).inside());
        Script script = loop < 0
                ? new Script(List.of(), before, farewell)
                : new Script(before, ScriptItem.steps(items.get(loop).inside()), farewell);
        check(
                script,
                value,
                loop < 0 ? value : places.get(loop),
                loop < 0 ? value : places.get(loop).field("loop"));
        return script;
    }

    private static int place(List<ScriptItem> items, List<Value> places, ScriptItem.Kind kind) {
        int found = -1;
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i).kind() == kind) {
                if (found >= 0) {
                    throw places.get(i)
                            .meaning("is the script's second " + (kind == ScriptItem.Kind.LOOP ? "loop" : "last")
                                    + "; it has at most one");
                }
                found = i;
            }
        }
        return found;
    }

    private static void check(Script script, Value whole, Value loop, Value exchange) {
        if (script.exchange().stream().noneMatch(Expect.class::isInstance)) {
            throw exchange.meaning("has no expect; an exchange ends with an answer");
        }
        checkCloses(script.opening(), whole, "before the loop");
        checkCloses(withoutLast(script.exchange()), loop, "before the end of the exchange");
        if (script.endsByClose() && !script.farewell().isEmpty()) {
            throw loop.meaning("expects close: true, so last would be sent after the end of the connection");
        }
        if (!script.farewell().isEmpty()) {
            checkCloses(withoutLast(script.farewell()), whole, "before the end of last");
        }
    }

    private static List<Step> withoutLast(List<Step> steps) {
        return steps.subList(0, steps.size() - 1);
    }

    private static void checkCloses(List<Step> steps, Value place, String where) {
        for (Step step : steps) {
            if (step instanceof Expect expect && expect.framing() instanceof UntilClose) {
                throw place.meaning("expects close: true " + where + ", where nothing can follow it");
            }
        }
    }

    @Override
    public Object write(Script script) {
        List<ScriptItem> items = new ArrayList<>(ScriptItem.of(script.opening()));
        if (script.opening().isEmpty()) {
            items.addAll(ScriptItem.of(script.exchange()));
        } else {
            items.add(ScriptItem.of(ScriptItem.Kind.LOOP, ScriptItem.of(script.exchange())));
        }
        if (!script.farewell().isEmpty()) {
            items.add(ScriptItem.of(ScriptItem.Kind.LAST, ScriptItem.of(script.farewell())));
        }
        return list.write(items);
    }

    @Override
    public Map<String, Object> schema() {
        return JsonSchema.ref(DEFINITION);
    }

    /** The definition that the schema refers to wherever a script may be. */
    Map<String, Object> definition() {
        return list.schema();
    }

    @Override
    public String allowed() {
        return "a list of steps";
    }

    @Override
    public Map<String, Shape<?>> inside() {
        return list.inside();
    }
}
