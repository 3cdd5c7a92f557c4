package io.tcplab.loadgen.plan;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** How a profile spells the constants of an enum: in lower case, with dashes, but for those that are {@link Spelled}. */
final class Words {

    /** A constant with a name of its own in profiles. */
    interface Spelled {
        String spelling();
    }

    private Words() {}

    /** Returns each constant under its spelling, in the enum's order. */
    static <E extends Enum<E>> Map<String, E> of(Class<E> type) {
        Map<String, E> words = new LinkedHashMap<>();
        for (E constant : type.getEnumConstants()) {
            words.put(spell(constant), constant);
        }
        return Collections.unmodifiableMap(words);
    }

    static String spell(Enum<?> constant) {
        return constant instanceof Spelled own
                ? own.spelling()
                : constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
