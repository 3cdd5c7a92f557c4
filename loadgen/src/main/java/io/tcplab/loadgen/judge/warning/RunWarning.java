package io.tcplab.loadgen.judge.warning;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.observe.LimitSetBy;
import io.tcplab.loadgen.result.Verdict;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a reader must know before believing a result: a record of the figures that it rests on, with its sentence and its advice. A
 * warning is made by a method of its own, {@code in(Facts)}, which {@link Warnings} lists.
 */
public interface RunWarning {

    /** The stable name in {@code summary.json}: the record's own name, its first letter small. */
    default String code() {
        return codeOf(getClass());
    }

    /** The code of a kind of warning. */
    static String codeOf(Class<? extends RunWarning> kind) {
        String name = kind.getSimpleName();
        return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }

    /** When it is raised, without figures: the same for all of its kind. */
    String when();

    /** What was seen, with its figures. */
    String message();

    /** What to do about it. */
    String advice();

    /** Whether the result cannot be trusted for it. */
    default boolean invalidates() {
        return false;
    }

    /** The figures that it rests on: the record's components, by name. */
    default Map<String, @Nullable Object> evidence() {
        Map<String, @Nullable Object> evidence = new LinkedHashMap<>();
        for (RecordComponent component : getClass().getRecordComponents()) {
            try {
                Object value = component.getAccessor().invoke(this);
                evidence.put(component.getName(), value == null ? null : written(value));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(component.getName() + " of " + code() + " cannot be read", e);
            }
        }
        return evidence;
    }

    private static Object written(Object value) {
        return switch (value) {
            case Side side -> side.word();
            case LimitSetBy setBy -> setBy.id();
            default -> value;
        };
    }

    /** As it is written into {@code summary.json}. */
    default Verdict.Warning inWords() {
        return new Verdict.Warning(code(), message(), advice(), evidence(), invalidates());
    }
}
