package io.tcplab.loadgen.plan;

import static io.tcplab.loadgen.plan.ProfileError.Kind.SHAPE;
import static io.tcplab.loadgen.plan.ProfileError.quote;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in a profile: the keys that lead to it, of which a number or a name may stand for an element of a list.
 *
 * @param at where it was asked for, for sentences
 */
record KeyPath(List<String> keys, Mark at) {

    private static final Pattern INDEX = Pattern.compile("[0-9]{1,4}");

    /** The place of a path whose keys are joined by dots. */
    static KeyPath of(String path, Mark at) {
        List<String> keys = new ArrayList<>(List.of(path.split("\\.", -1)));
        Shape<?> shape = ProfileKeys.form("");
        for (int depth = 0; depth < keys.size(); depth++) {
            if (shape instanceof FreeKeys<?>) { // whose keys may contain dots
                String free = String.join(".", keys.subList(depth, keys.size()));
                keys.subList(depth, keys.size()).clear();
                keys.add(free);
                return new KeyPath(keys, at);
            }
            shape = shape.inside(keys.get(depth));
        }
        return new KeyPath(keys, at);
    }

    /** Returns {@code root} with {@code value} in that place; a null takes away what is there. */
    Node put(Node root, Node value) {
        return with(root, 0, value);
    }

    /** Returns {@code node} with {@code value} in the place that the keys from {@code depth} on lead to. */
    private Node with(@Nullable Node node, int depth, Node value) {
        if (depth == keys.size()) {
            return value;
        }
        String key = keys.get(depth);
        if (key.isEmpty()) {
            throw error("has an empty key in its path");
        }
        if (node instanceof Node.Items list) {
            return withItem(list, depth, value);
        }
        if (node instanceof Node.Text text && !text.isNull()) {
            return within(text, depth, value);
        }
        if (!(node instanceof Node.Fields) && key.equals("0") && isList(shapeAt(depth))) {
            return withItem(new Node.Items(at, List.of()), depth, value);
        }
        Node.Fields fields = node instanceof Node.Fields given ? given : new Node.Fields(at, Map.of());
        Node.Field field = fields.fields().get(key);
        boolean taken = depth == keys.size() - 1 && value instanceof Node.Text text && text.isNull();
        return taken
                ? fields.without(key)
                : fields.with(key, with(field == null ? null : field.value(), depth + 1, value));
    }

    /** A word has no keys; but {@code protocol: http} means {@code protocol: {http: {}}}, and {@code tls: true} means {@code tls: {}}. */
    private Node within(Node.Text text, int depth, Node value) {
        boolean empty = switch (shapeAt(depth)) {
            case ProtocolShape _ -> keys.size() == depth + 1 || text.value().equals(keys.get(depth));
            case FlagOr<?> _ -> text.value().equals("true");
            case ReadyShape _ -> true;
            case Shape<?> _ -> false;
        };
        if (empty) {
            return with(new Node.Fields(at, Map.of()), depth, value);
        }
        String path = String.join(".", keys.subList(0, depth));
        throw error(path + " is " + text.kind() + " here and has no keys; set " + path + "={…} as a whole");
    }

    /** The shape of what the first {@code depth} keys lead to. */
    private Shape<?> shapeAt(int depth) {
        Shape<?> shape = ProfileKeys.form("");
        for (String key : keys.subList(0, depth)) {
            shape = shape.inside(key);
        }
        return shape;
    }

    private static boolean isList(Shape<?> shape) {
        return !(shape instanceof FreeKeys<?>) && shape.inside().keySet().equals(Set.of("*"));
    }

    private Node withItem(Node.Items list, int depth, Node value) {
        String key = keys.get(depth);
        List<Node> items = new ArrayList<>(list.items());
        int index = INDEX.matcher(key).matches() ? Integer.parseInt(key) : indexOfName(items, key);
        if (index < 0 || index > items.size()) {
            throw error(
                    String.join(".", keys.subList(0, depth)) + " has no " + quote(key) + "; it has " + elements(items));
        }
        Node changed = with(index < items.size() ? items.get(index) : null, depth + 1, value);
        if (index == items.size()) {
            items.add(changed);
        } else if (depth == keys.size() - 1 && value instanceof Node.Text text && text.isNull()) {
            items.remove(index);
        } else {
            items.set(index, changed);
        }
        return new Node.Items(list.at(), items);
    }

    private static int indexOfName(List<Node> items, String name) {
        for (int i = 0; i < items.size(); i++) {
            if (name.equals(nameOf(items.get(i)))) {
                return i;
            }
        }
        return -1;
    }

    private static @Nullable String nameOf(Node item) {
        return Node.child(item, "name") instanceof Node.Text text ? text.value() : null;
    }

    private static String elements(List<Node> items) {
        List<String> elements = new ArrayList<>();
        for (Node item : items) {
            String name = nameOf(item);
            elements.add(name == null ? String.valueOf(elements.size()) : ProfileError.plain(name, 64));
        }
        return elements.isEmpty() ? "no elements" : ProfileError.plain(String.join(", ", elements), 200);
    }

    private ProfileError error(String sentence) {
        return new ProfileError(SHAPE, at, "", sentence);
    }
}
