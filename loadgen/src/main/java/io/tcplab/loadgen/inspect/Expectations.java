package io.tcplab.loadgen.inspect;

import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.run.BadUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * What a server is expected to do, check by check: {@code I1: asExpected}, or
 * {@code I1: {verdict: asExpected, observed: closed by FIN, closedAfterSeconds: 3.0}} with some of these. The output of {@code --json} is
 * read as well.
 */
public final class Expectations {

    /**
     * One expectation beside what was found.
     *
     * @param id of the check
     * @param expected in words
     * @param found in words; {@code not run} where the check was not among those that ran
     * @param met whether both agree
     */
    public record Compared(String id, String expected, String found, boolean met) {}

    /** Figure of a check whose time hangs on when its connection was begun: the server looks at intervals. */
    public static final String ENDS_TOGETHER = "endsTogether";

    private final Map<String, Expected> byId;

    private Expectations(Map<String, Expected> byId) {
        this.byId = byId;
    }

    /** Reads a file; throws BadUsage with one sentence for what it cannot be. */
    public static Expectations read(Path file) throws CannotRun {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new CannotRun("The expectations " + file + " cannot be read: " + e.getMessage() + ".", e);
        }
        Object tree;
        try {
            tree = new Load(LoadSettings.builder().setLabel(file.toString()).build()).loadFromString(text);
        } catch (YamlEngineException e) {
            throw new BadUsage(file + " is neither YAML nor JSON: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse("") + ".");
        }
        return of(file, tree);
    }

    private static Expectations of(Path file, @Nullable Object tree) {
        if (!(tree instanceof Map<?, ?> map)) {
            throw new BadUsage(file + " has no expectations: write ID: VERDICT lines, such as I1: asExpected.");
        }
        Map<String, Expected> byId = new LinkedHashMap<>();
        if (map.get("checks") instanceof List<?> checks) {
            for (Object each : checks) {
                if (each instanceof Map<?, ?> check) {
                    put(file, byId, check.get("id"), ofJson(check));
                }
            }
        } else {
            map.forEach((id, value) -> put(file, byId, id, value));
        }
        return new Expectations(byId);
    }

    private static void put(Path file, Map<String, Expected> byId, @Nullable Object key, @Nullable Object value) {
        String id = String.valueOf(key);
        if (Catalogue.all().stream().noneMatch(check -> check.card().id().equals(id))) {
            throw new BadUsage(
                    file + " expects something of " + id + ", which is no check; tcplab inspect --list names them.");
        }
        Expected expected = value instanceof Map<?, ?> several
                ? new Expected(text(several.get("verdict")), text(several.get("observed")), settings(file, id, several))
                : new Expected(text(value), null, Map.of());
        String verdict = expected.verdict();
        if (verdict != null && CheckVerdict.byId(verdict).isEmpty()) {
            throw new BadUsage(file + ": " + id + " has the verdict " + verdict
                    + "; there are asExpected, unusual, harmful, notObserved and notObservable.");
        }
        byId.put(id, expected);
    }

    /** The line of a file that the result of a check stands for. */
    private static Map<String, @Nullable Object> ofJson(Map<?, ?> check) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("verdict", check.get("verdict"));
        line.put("observed", check.get("observed"));
        Map<?, ?> figures =
                check.get("evidence") instanceof Map<?, ?> evidence && evidence.get("figures") instanceof Map<?, ?> all
                        ? all
                        : Map.of();
        Map<?, ?> times = check.get("times") instanceof Map<?, ?> all ? all : Map.of();
        boolean ended = !CheckVerdict.NOT_OBSERVED.id().equals(check.get("verdict"));
        for (String name : ended
                ? Expected.SETTINGS.getOrDefault(String.valueOf(check.get("id")), List.of())
                : List.<String>of()) {
            Object value = figures.containsKey(ENDS_TOGETHER) && name.endsWith(Expected.TIME) ? null : times.get(name);
            line.put(name, value == null ? figures.get(name) : value);
        }
        return line;
    }

    private static Map<String, Double> settings(Path file, String id, Map<?, ?> line) {
        Map<String, Double> settings = new LinkedHashMap<>();
        List<String> names = Expected.SETTINGS.getOrDefault(id, List.of());
        line.forEach((key, value) -> {
            String name = String.valueOf(key);
            if (names.contains(name) && value instanceof Number number) {
                settings.put(name, number.doubleValue());
            } else if (value != null && !name.equals("verdict") && !name.equals("observed")) {
                throw new BadUsage(file + ": " + id + " expects " + name + ": " + value + "; it has verdict, observed"
                        + names.stream()
                                .map(each -> ", " + each + " (a number)")
                                .collect(Collectors.joining()) + ".");
            }
        });
        return settings;
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    /** Each expectation beside its result; {@code all} where every check was to run, so that one that did not is not met. */
    public List<Compared> compare(List<CheckResult> results, boolean all) {
        List<Compared> compared = new ArrayList<>();
        byId.forEach((id, expected) -> {
            Optional<CheckResult> found =
                    results.stream().filter(each -> each.card().id().equals(id)).findFirst();
            if (found.isPresent()) {
                compared.add(new Compared(id, expected.words(), expected.of(found.get()), expected.metBy(found.get())));
            } else if (all) {
                compared.add(new Compared(id, expected.words(), "not run", false));
            }
        });
        return compared;
    }

    /** The text of a file that expects what was found. */
    public static String write(Inspection inspection) {
        StringBuilder text = new StringBuilder("# How " + inspection.subject().asked()
                + " treats connections. tcplab inspect " + inspection.subject().asked()
                + " --expect FILE ends with\n# exit code 3 when one of these changes.\n");
        Map<String, CheckResult> sorted = new TreeMap<>();
        inspection.results().forEach(each -> sorted.put(each.card().id(), each));
        sorted.forEach((id, result) -> text.append(line(id, result)));
        return text.toString();
    }

    private static String line(String id, CheckResult result) {
        StringBuilder line = new StringBuilder(id + ": {verdict: "
                + result.finding().verdict().id() + ", observed: \""
                + result.finding().observed().replace("\\", "\\\\").replace("\"", "\\\"") + '"');
        Expected.settingsOf(result).forEach((name, value) -> {
            if (!name.endsWith(Expected.TIME) || !result.figures().containsKey(ENDS_TOGETHER)) {
                line.append(", ").append(name).append(": ").append(Expected.number(value));
            }
        });
        return line.append("}\n").toString();
    }
}
