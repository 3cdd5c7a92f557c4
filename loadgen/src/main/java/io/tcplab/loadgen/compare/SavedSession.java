package io.tcplab.loadgen.compare;

import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.result.FileTrouble;
import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.run.ExitCode;
import io.tcplab.loadgen.run.Output;
import io.tcplab.loadgen.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Saved results against each other, and whether one got worse. */
public final class SavedSession {

    /**
     * What is compared.
     *
     * @param directories results, or directories of them
     * @param baselines what they are compared with; none = the first of the directories
     * @param gate whether exit code 3 says that something got worse
     * @param find the smallest change of a time that is worth finding, as a share
     * @param markdown file for a pull request's comment; absent = none
     */
    public record Request(
            List<Path> directories,
            List<Path> baselines,
            boolean gate,
            double find,
            @Nullable Path markdown) {
        public Request {
            directories = List.copyOf(directories);
            baselines = List.copyOf(baselines);
        }
    }

    private final Request request;
    private final Output output;

    public SavedSession(Request request, Output output) {
        this.request = request;
        this.output = output;
    }

    /** Compares. */
    public ExitCode run() throws CannotRun {
        SavedRounds.Matched matched = SavedRounds.match(request.directories(), request.baselines());
        List<SavedRounds.Pair> pairs = matched.pairs();
        List<Gate> gates =
                pairs.stream().map(pair -> Gate.of(pair, request.find())).toList();
        List<Comparison> comparisons = pairs.stream()
                .map(pair -> Comparison.ofSaved(
                        List.of(pair.base().contender(), pair.now().contender()), request.find()))
                .toList();
        List<String> notes = new ArrayList<>(matched.leftOut());
        notes.addAll(notes(pairs));
        String text = text(gates, comparisons, notes);
        String json = GateJson.of(gates, comparisons, notes);
        save(text, json);
        Output.writeFile(request.markdown(), () -> GateMarkdown.of(gates, notes));
        output.writeJunit(() -> GateJunit.of(gates));
        output.print(() -> text, () -> json);
        return exitCode(gates);
    }

    private ExitCode exitCode(List<Gate> gates) {
        if (request.gate() && gates.stream().anyMatch(Gate::worse)) {
            return ExitCode.NOT_MET;
        }
        return gates.stream().allMatch(Gate::believed) ? ExitCode.FINE : ExitCode.NOT_TO_BE_BELIEVED;
    }

    private void save(String text, String json) throws CannotRun {
        if (output.directory() == null) {
            return;
        }
        ResultsDirectory directory = RunDirectory.of(output.directory(), Path.of("results"), "compare");
        try {
            directory.write("compare.json", json);
            directory.write("compare.txt", text);
        } catch (IOException e) {
            throw new CannotRun(
                    "The result cannot be written to " + directory.path() + ": " + FileTrouble.of(e) + ".", e);
        }
        RunDirectory.release(directory.path());
    }

    private static String text(List<Gate> gates, List<Comparison> comparisons, List<String> notes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < gates.size(); i++) {
            text.append(i == 0 ? "" : "\n");
            GateText.append(gates.get(i), text);
            text.append("\n").append(ComparisonText.render(comparisons.get(i), List.of(), List.of()));
        }
        notes.forEach(note -> text.append("\nNote: ").append(note).append("\n"));
        return text.toString();
    }

    private static List<String> notes(List<SavedRounds.Pair> pairs) {
        List<String> notes = new ArrayList<>();
        for (SavedRounds.Pair pair : pairs) {
            if (!plan(pair.base()).equals(plan(pair.now()))) {
                notes.add("the profiles of " + pair.base().name() + " and "
                        + pair.now().name() + " differ: see profile.yaml.");
            }
            for (SavedRounds each : List.of(pair.base(), pair.now())) {
                long doubtful = each.rounds().stream()
                        .filter(round -> !Gate.isWhole(round))
                        .count();
                if (doubtful > 0) {
                    notes.add(doubtful + " of " + each.rounds().size() + " rounds of " + each.name()
                            + " cannot be trusted or were interrupted, and "
                            + (doubtful < each.rounds().size()
                                    ? "are left out of the gate."
                                    : "none is left for the gate."));
                }
            }
        }
        return notes;
    }

    /** What was run, but for the seed, which each run draws where the profile has none. */
    private static String plan(SavedRounds rounds) {
        return rounds.rounds().getFirst().profile().replaceFirst("(?m)^seed: .*$", "");
    }
}
