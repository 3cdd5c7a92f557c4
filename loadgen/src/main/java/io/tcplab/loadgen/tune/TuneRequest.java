package io.tcplab.loadgen.tune;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.TuneKeys;
import io.tcplab.loadgen.rounds.Where;
import io.tcplab.loadgen.run.BadUsage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a tuning is asked to try.
 *
 * @param file the profile
 * @param reader reads it with these values of {@code --set}
 * @param sets {@code PATH=VALUE}; one with several values is tried
 * @param sysctls {@code KEY=V1,V2}
 * @param side of sysctls that name none
 * @param place where cells run; absent = in namespaces, or on this host where there is a target
 * @param pairwise every pair of values instead of every combination
 * @param repeat rounds of each cell; absent = what the profile says
 * @param parallel cells at a time; absent = what the profile says
 */
public record TuneRequest(
        Path file,
        Reader reader,
        List<String> sets,
        List<String> sysctls,
        Side side,
        @Nullable Where place,
        boolean pairwise,
        @Nullable Integer repeat,
        @Nullable Integer parallel) {

    private static final int MOST_CELLS = 500;

    /** Reads a profile. */
    public interface Reader {
        Profile read(Path file, List<String> sets);
    }

    public TuneRequest {
        sets = List.copyOf(sets);
        sysctls = List.copyOf(sysctls);
        if ((repeat != null && repeat < 1) || (parallel != null && parallel < 1)) {
            throw new BadUsage("--repeat and --parallel must be at least 1.");
        }
        if (side == Side.SERVER && sysctls.isEmpty()) {
            throw new BadUsage(
                    "--side needs --sysctl KEY=V1,V2: the profile's tune key names the side of its own sysctls.");
        }
    }

    /** The values of {@code --set} that every cell has. */
    List<String> fixed() {
        return sets.stream().filter(set -> valuesOf(set).size() == 1).toList();
    }

    /** The profile with these values of {@code --set}. */
    Profile read(List<String> with) {
        return reader.read(file, with);
    }

    /** The cells that the options ask for, or else those of the profile. */
    List<Cell> cells(TuneKeys keys) {
        Map<Knob, List<String>> values = new LinkedHashMap<>();
        sysctls.forEach(each -> values.put(sysctl(key(each)), valuesOf(each)));
        sets.stream()
                .filter(set -> valuesOf(set).size() > 1)
                .forEach(set -> values.put(new Knob(Knob.Kind.PROFILE_KEY, key(set)), valuesOf(set)));
        if (pairwise && values.isEmpty()) {
            throw new BadUsage(
                    "--pairwise needs --sysctl or --set with several values: the profile's tune key lists its cells"
                            + " itself.");
        }
        List<Cell> cells =
                values.isEmpty() ? Matrix.of(keys) : pairwise ? Matrix.pairwise(values) : Matrix.full(values);
        if (cells.isEmpty()) {
            throw new BadUsage(
                    "There is nothing to try: give --sysctl KEY=V1,V2, --set PATH=V1,V2, or a profile with a tune key.");
        }
        if (cells.size() > MOST_CELLS) {
            throw new BadUsage(cells.size() + " cells are too many: try fewer values, or --pairwise.");
        }
        return cells;
    }

    private static String key(String expression) {
        int equals = expression.indexOf('=');
        if (equals <= 0 || equals == expression.length() - 1) {
            throw new BadUsage(expression + " is not of the form KEY=V1,V2.");
        }
        return expression.substring(0, equals).strip();
    }

    private Knob sysctl(String written) {
        boolean server = written.startsWith("server:") || (side == Side.SERVER && !written.startsWith("client:"));
        String key = written.replaceFirst("^(client|server):", "");
        if (!key.matches("net(\\.[a-zA-Z0-9_-]+)+")) {
            throw new BadUsage(key + " is not a sysctl of a network namespace, such as net.ipv4.tcp_tw_reuse.");
        }
        return new Knob(server ? Knob.Kind.SERVER_SYSCTL : Knob.Kind.CLIENT_SYSCTL, key);
    }

    /** The values behind the equals sign, split at commas outside brackets: {@code [a,b],[c]} is two. */
    private static List<String> valuesOf(String expression) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        StringBuilder part = new StringBuilder();
        for (char each : expression.substring(expression.indexOf('=') + 1).toCharArray()) {
            if (each == '[' || each == '{') {
                depth++;
            } else if (each == ']' || each == '}') {
                depth--;
            }
            if (each == ',' && depth == 0) {
                parts.add(part.toString().strip());
                part.setLength(0);
            } else {
                part.append(each);
            }
        }
        parts.add(part.toString().strip());
        return parts;
    }
}
