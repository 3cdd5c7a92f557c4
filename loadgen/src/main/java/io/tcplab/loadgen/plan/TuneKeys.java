package io.tcplab.loadgen.plan;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a profile's {@code tune} key asks of {@code tcplab tune}; a plain run takes no notice of it.
 *
 * @param repeat rounds of each cell, 0 = not given
 * @param parallel cells that may run at the same time, 0 = not given
 * @param matrices each spans one set of cells
 */
public record TuneKeys(int repeat, int parallel, List<Matrix> matrices) {

    /** There is no such key. */
    public static final TuneKeys NONE = new TuneKeys(0, 0, List.of());

    private static final int MOST = 100;

    public TuneKeys {
        matrices = List.copyOf(matrices);
    }

    /**
     * Every combination of these values.
     *
     * @param clientSysctls values by sysctl, on the client's side
     * @param serverSysctls likewise on the server's
     * @param sets values by the path of a profile's key
     * @param loopback both sides in one namespace, over lo, instead of a pair of namespaces
     */
    public record Matrix(
            Map<String, List<String>> clientSysctls,
            Map<String, List<String>> serverSysctls,
            Map<String, List<String>> sets,
            boolean loopback) {}

    /** Reads the key {@code tune} of a profile; throws {@link ProfileError} when it is wrong. */
    public static TuneKeys read(Path file) {
        Node root = ProfileReader.tree(file.toString(), ProfileReader.text(file));
        Node.Field tune = root instanceof Node.Fields fields ? fields.fields().get("tune") : null;
        return tune == null ? NONE : of(new Value("tune", tune.value()));
    }

    static TuneKeys of(Value value) {
        Section tune = Section.of(value, "repeat", "parallel", "matrices");
        List<Matrix> matrices = new ArrayList<>();
        Value list = tune.find("matrices");
        if (list != null) {
            list.items().forEach(item -> matrices.add(matrix(item)));
        }
        return new TuneKeys(tune.count("repeat", 0, 1, MOST), tune.count("parallel", 0, 1, MOST), matrices);
    }

    private static Matrix matrix(Value value) {
        Section matrix = Section.of(value, "client", "server", "set", "isolate");
        boolean loopback = matrix.word("isolate", false, Map.of("netns", false, "loopback", true));
        return new Matrix(
                values(matrix.find("client")), values(matrix.find("server")), values(matrix.find("set")), loopback);
    }

    private static Map<String, List<String>> values(@Nullable Value section) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        if (section != null) {
            section.fields().forEach((key, field) -> {
                Value value = new Value(section.path() + "." + key, field.value());
                List<Value> each = value.node() instanceof Node.Text ? List.of(value) : value.items();
                values.put(key, each.stream().map(Value::text).toList());
            });
        }
        return values;
    }
}
