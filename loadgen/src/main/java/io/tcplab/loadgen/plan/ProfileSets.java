package io.tcplab.loadgen.plan;

import static io.tcplab.loadgen.plan.ProfileError.Kind.SHAPE;
import static io.tcplab.loadgen.plan.ProfileError.Kind.SYNTAX;
import static io.tcplab.loadgen.plan.ProfileError.quote;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Overrides of a profile's keys: {@code PATH=VALUE}, where the path is the keys joined by dots, a mix member is named by its
 * position or its name, and the value is YAML.
 *
 * <pre>
 * load.open.rate=5000/s            mix.0.weight=3            mix.short.close.how=rst
 * client.sources=[127.0.0.1-127.0.0.8]                       sysctls.client.net.ipv4.tcp_tw_reuse=1
 * load={closed: {concurrency: 10}}  replaces the whole load  connections=  takes the key away
 * mix.2={name: third}               appends a member to two
 * </pre>
 *
 * <p>{@link #rate}, {@link #concurrency} and the like make the overrides of the options of that name.
 */
public final class ProfileSets {

    private static final Pattern INDEX = Pattern.compile("[0-9]{1,4}");
    private static final int LONGEST = 1 << 16;
    private static final String RATE = "--rate";
    private static final String CONCURRENCY = "--concurrency";

    private final Mark at;
    private final String expression;

    private ProfileSets(String expression) {
        this.expression = expression;
        this.at = Mark.whole((expression.startsWith("--") ? "" : "--set ") + ProfileError.plain(expression, 200));
    }

    /** An open loop of this rate, whatever load the profile has; the kind of arrivals is kept. */
    public static String rate(String rate) {
        return RATE + "=" + rate;
    }

    /** A closed loop of this many connections, whatever load the profile has. */
    public static String concurrency(String connections) {
        return CONCURRENCY + "=" + connections;
    }

    /** The recorded time. */
    public static String duration(String duration) {
        return "--duration=" + duration;
    }

    /** The number of recorded connections. */
    public static String connections(String connections) {
        return "--connections=" + connections;
    }

    /** Where the load goes, all of it: no other target of the profile is used. */
    public static String target(String endpoint) {
        return "--target=" + endpoint;
    }

    /** The seed of every random choice. */
    public static String seed(String seed) {
        return "--seed=" + seed;
    }

    static Node apply(Node root, List<String> sets) {
        Node changed = root;
        for (String expression : sets) {
            changed = new ProfileSets(expression).apply(changed);
        }
        return changed;
    }

    private Node apply(Node root) {
        int equals = expression.indexOf('=');
        if (equals <= 0) {
            throw error("must be PATH=VALUE, such as load.open.rate=5000/s");
        }
        if (expression.length() > LONGEST) {
            throw error("is too long for a value");
        }
        String path = expression.substring(0, equals).strip();
        String value = expression.substring(equals + 1).strip();
        return switch (path) {
            case RATE -> ((Node.Fields) root).with("load", open(root, scalar(value)));
            case CONCURRENCY -> ((Node.Fields) root).with("load", one("closed", one("concurrency", scalar(value))));
            case "--target" -> only((Node.Fields) root, value);
            case "--duration", "--connections", "--seed" -> ((Node.Fields) root).with(path.substring(2), scalar(value));
            default -> {
                if (path.startsWith("--")) {
                    throw error("is not PATH=VALUE, such as duration=5s");
                }
                yield with(root, keys(path), 0, value(value));
            }
        };
    }

    /** The whole load goes there: in place of every target in the profile. */
    private Node only(Node.Fields root, String value) {
        Node.Fields changed = root.without("targets").with("target", scalar(value));
        return child(root, "mix") instanceof Node.Items mix
                ? changed.with(
                        "mix",
                        new Node.Items(
                                mix.at(),
                                mix.items().stream()
                                        .map(each ->
                                                each instanceof Node.Fields member ? member.without("target") : each)
                                        .toList()))
                : changed;
    }

    private Node open(Node root, Node rate) {
        Node arrivals = child(child(child(root, "load"), "open"), "arrivals");
        Node.Fields open = one("rate", rate);
        return one("open", arrivals == null ? open : open.with("arrivals", arrivals));
    }

    private static @Nullable Node child(@Nullable Node node, String key) {
        Node.Field field = node instanceof Node.Fields fields ? fields.fields().get(key) : null;
        return field == null ? null : field.value();
    }

    private Node.Fields one(String key, Node value) {
        return new Node.Fields(at, Map.of()).with(key, value);
    }

    private Node.Text scalar(String value) {
        return new Node.Text(at, value, true);
    }

    /** YAML where it is YAML; otherwise the characters as they are, as in {@code target=[::1]:9000}. */
    private Node value(String value) {
        try {
            return YamlTree.readInline(at.source(), value);
        } catch (ProfileError _) {
            return scalar(value);
        }
    }

    private static List<String> keys(String path) {
        List<String> keys = new ArrayList<>(List.of(path.split("\\.", -1)));
        Shape<?> shape = ProfileKeys.form("");
        for (int depth = 0; depth < keys.size(); depth++) {
            if (shape instanceof FreeKeys<?>) { // whose keys may contain dots
                String free = String.join(".", keys.subList(depth, keys.size()));
                keys.subList(depth, keys.size()).clear();
                keys.add(free);
                return keys;
            }
            shape = shape.inside(keys.get(depth));
        }
        return keys;
    }

    /** Returns {@code node} with {@code value} in the place that the keys from {@code depth} on lead to. */
    private Node with(@Nullable Node node, List<String> keys, int depth, Node value) {
        if (depth == keys.size()) {
            return value;
        }
        String key = keys.get(depth);
        if (key.isEmpty()) {
            throw error("has an empty key in its path");
        }
        if (node instanceof Node.Items list) {
            return withItem(list, keys, depth, value);
        }
        if (node instanceof Node.Text text && !text.isNull()) {
            return within(text, keys, depth, value);
        }
        if (!(node instanceof Node.Fields) && key.equals("0") && isList(shapeAt(keys, depth))) {
            return withItem(new Node.Items(at, List.of()), keys, depth, value);
        }
        Node.Fields fields = node instanceof Node.Fields given ? given : new Node.Fields(at, Map.of());
        Node.Field field = fields.fields().get(key);
        boolean taken = depth == keys.size() - 1 && value instanceof Node.Text text && text.isNull();
        return taken
                ? fields.without(key)
                : fields.with(key, with(field == null ? null : field.value(), keys, depth + 1, value));
    }

    /** A word has no keys; but {@code protocol: http} means {@code protocol: {http: {}}}, and {@code tls: true} means {@code tls: {}}. */
    private Node within(Node.Text text, List<String> keys, int depth, Node value) {
        boolean empty = switch (shapeAt(keys, depth)) {
            case ProtocolShape _ -> keys.size() == depth + 1 || text.value().equals(keys.get(depth));
            case FlagOr<?> _ -> text.value().equals("true");
            case ReadyShape _ -> true;
            case Shape<?> _ -> false;
        };
        if (empty) {
            return with(new Node.Fields(at, Map.of()), keys, depth, value);
        }
        String path = String.join(".", keys.subList(0, depth));
        throw error(path + " is " + text.kind() + " here and has no keys; set " + path + "={…} as a whole");
    }

    /** The shape of what the first {@code depth} keys lead to. */
    private static Shape<?> shapeAt(List<String> keys, int depth) {
        Shape<?> shape = ProfileKeys.form("");
        for (String key : keys.subList(0, depth)) {
            shape = shape.inside(key);
        }
        return shape;
    }

    private static boolean isList(Shape<?> shape) {
        return !(shape instanceof FreeKeys<?>) && shape.inside().keySet().equals(Set.of("*"));
    }

    private Node withItem(Node.Items list, List<String> keys, int depth, Node value) {
        String key = keys.get(depth);
        List<Node> items = new ArrayList<>(list.items());
        int index = INDEX.matcher(key).matches() ? Integer.parseInt(key) : indexOfName(items, key);
        if (index < 0 || index > items.size()) {
            throw error(
                    String.join(".", keys.subList(0, depth)) + " has no " + quote(key) + "; it has " + elements(items));
        }
        Node changed = with(index < items.size() ? items.get(index) : null, keys, depth + 1, value);
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
        return child(item, "name") instanceof Node.Text text ? text.value() : null;
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
        return new ProfileError(expression.indexOf('=') <= 0 ? SYNTAX : SHAPE, at, "", sentence);
    }
}
