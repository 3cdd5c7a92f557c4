package io.tcplab.loadgen.plan;

import io.tcplab.loadgen.plan.Choice.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One of {@link Protocol.Table#KINDS}: its word, or its word as the only key over its own keys: {@code http}, {@code {http: {path: /x}}}.
 */
final class ProtocolShape implements Shape<Protocol> {

    private static final Choice<Protocol> CHOICE = new Choice<>(Protocol.Table.KINDS);

    /** Returns the word that stands for a protocol in a profile. */
    static String word(Protocol protocol) {
        return CHOICE.write(protocol).keySet().iterator().next();
    }

    /** Returns the word that {@code value} has, as a word or as its only key. */
    static String wordOf(Value value) {
        return value.node() instanceof Node.Fields
                ? Given.of(value, byWord().keySet()).only()
                : value.word(byWord()).name();
    }

    static Kind<? extends Protocol> kind(String word) {
        return Objects.requireNonNull(byWord().get(word));
    }

    @Override
    public Protocol read(Value value) {
        if (value.node() instanceof Node.Fields) {
            return CHOICE.read(value);
        }
        Kind<? extends Protocol> kind = value.word(byWord());
        if (!(kind.shape() instanceof Form<?>)) {
            throw value.meaning("needs " + kind.shape().allowed() + " under the key " + kind.name());
        }
        return kind.shape()
                .read(new Value(
                        value.path() + "." + kind.name(),
                        new Node.Fields(value.node().at(), Map.of())));
    }

    private static Map<String, Kind<? extends Protocol>> byWord() {
        Map<String, Kind<? extends Protocol>> words = new LinkedHashMap<>();
        Protocol.Table.KINDS.forEach(kind -> words.put(kind.name(), kind));
        return words;
    }

    @Override
    public Object write(Protocol value) {
        Map<String, Object> tree = CHOICE.write(value);
        return tree.values().iterator().next() instanceof Map<?, ?> keys && keys.isEmpty() ? word(value) : tree;
    }

    @Override
    public Map<String, Object> schema() {
        List<Object> either = new ArrayList<>();
        either.add(JsonSchema.of("enum", List.copyOf(byWord().keySet())));
        either.add(CHOICE.schema());
        return JsonSchema.of("anyOf", either);
    }

    @Override
    public String allowed() {
        return "one of " + String.join(", ", byWord().keySet()) + ", or one of them as a key over keys of its own";
    }

    @Override
    public Map<String, Shape<?>> inside() {
        return CHOICE.inside();
    }
}
