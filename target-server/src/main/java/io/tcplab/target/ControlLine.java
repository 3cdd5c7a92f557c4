package io.tcplab.target;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of the talk between a companion and the process that started it: a word, then {@code key=value} pairs with spaces, line
 * ends and percent signs in the values escaped as in a URL. Plain on purpose: the child is ready sooner than a JSON library is.
 *
 * @param word what the line is, for example {@code ready}, {@code counts}, {@code failed}
 * @param facts in the order in which they were written
 */
public record ControlLine(String word, Map<String, String> facts) {

    /** A line without facts. */
    public static ControlLine of(String word) {
        return new ControlLine(word, Map.of());
    }

    /** The fact of that name; throws when the line has none. */
    public String fact(String key) {
        String value = facts.get(key);
        if (value == null) {
            throw new IllegalArgumentException("a line \"" + word + "\" without " + key);
        }
        return value;
    }

    /** Reads one line; {@code null} when it is none of ours. */
    public static @Nullable ControlLine parse(String line) {
        String[] parts = line.strip().split(" ", -1);
        if (parts[0].isEmpty() || !parts[0].chars().allMatch(c -> c >= 'a' && c <= 'z')) {
            return null;
        }
        Map<String, String> facts = new LinkedHashMap<>();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            if (equals <= 0) {
                return null;
            }
            facts.put(parts[i].substring(0, equals), unescape(parts[i].substring(equals + 1)));
        }
        return new ControlLine(parts[0], facts);
    }

    @Override
    public String toString() {
        StringBuilder line = new StringBuilder(word);
        facts.forEach((key, value) -> line.append(' ').append(key).append('=').append(escape(value)));
        return line.toString();
    }

    private static String escape(String value) {
        return value.replace("%", "%25")
                .replace(" ", "%20")
                .replace("\n", "%0A")
                .replace("\r", "%0D");
    }

    private static String unescape(String value) {
        return value.replace("%0D", "\r")
                .replace("%0A", "\n")
                .replace("%20", " ")
                .replace("%25", "%");
    }
}
