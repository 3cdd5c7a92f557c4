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
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * What a server is expected to do, check by check: {@code I1: asExpected}, or
 * {@code I1: {verdict: asExpected, observed: closed by FIN}} with one of the two or both. The output of {@code --json} is read
 * as well. Times are not compared.
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

    private record Expected(
            @Nullable String verdict, @Nullable String observed) {

        boolean metBy(Finding finding) {
            return (verdict == null || verdict.equals(finding.verdict().id()))
                    && (observed == null || observed.equals(finding.observed()));
        }

        String words() {
            String given = verdict == null ? "" : verdict;
            return observed == null ? given : given.isEmpty() ? observed : given + ": " + observed;
        }

        String of(Finding finding) {
            String given = verdict == null ? "" : finding.verdict().id();
            return observed == null ? given : given.isEmpty() ? finding.observed() : given + ": " + finding.observed();
        }
    }

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
                    put(file, byId, check.get("id"), check);
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
        Expected expected = value instanceof Map<?, ?> both
                ? new Expected(text(both.get("verdict")), text(both.get("observed")))
                : new Expected(text(value), null);
        String verdict = expected.verdict;
        if (verdict != null && CheckVerdict.byId(verdict).isEmpty()) {
            throw new BadUsage(file + ": " + id + " has the verdict " + verdict
                    + "; there are asExpected, unusual, harmful, notObserved and notObservable.");
        }
        byId.put(id, expected);
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    /** Each expectation beside its result; {@code all} where every check was to run, so that one that did not is not met. */
    public List<Compared> compare(List<CheckResult> results, boolean all) {
        List<Compared> compared = new ArrayList<>();
        byId.forEach((id, expected) -> {
            Optional<Finding> found = results.stream()
                    .filter(each -> each.card().id().equals(id))
                    .map(CheckResult::finding)
                    .findFirst();
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
        Map<String, Finding> sorted = new TreeMap<>();
        inspection.results().forEach(each -> sorted.put(each.card().id(), each.finding()));
        sorted.forEach((id, finding) -> text.append(id)
                .append(": {verdict: ")
                .append(finding.verdict().id())
                .append(", observed: \"")
                .append(finding.observed().replace("\\", "\\\\").replace("\"", "\\\""))
                .append("\"}\n"));
        return text.toString();
    }
}
