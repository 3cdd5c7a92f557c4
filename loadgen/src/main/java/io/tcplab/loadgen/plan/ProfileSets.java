package io.tcplab.loadgen.plan;

import static io.tcplab.loadgen.plan.ProfileError.Kind.SHAPE;
import static io.tcplab.loadgen.plan.ProfileError.Kind.SYNTAX;

import java.util.List;
import java.util.Map;

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
                yield KeyPath.of(path, at).put(root, value(value));
            }
        };
    }

    /** The whole load goes there: in place of every target in the profile. */
    private Node only(Node.Fields root, String value) {
        Node.Fields changed = root.without("targets").with("target", scalar(value));
        return Node.child(root, "mix") instanceof Node.Items mix
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
        Node arrivals = Node.child(Node.child(Node.child(root, "load"), "open"), "arrivals");
        Node.Fields open = one("rate", rate);
        return one("open", arrivals == null ? open : open.with("arrivals", arrivals));
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

    private ProfileError error(String sentence) {
        return new ProfileError(expression.indexOf('=') <= 0 ? SYNTAX : SHAPE, at, "", sentence);
    }
}
