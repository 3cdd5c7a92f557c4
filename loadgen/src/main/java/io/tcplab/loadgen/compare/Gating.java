package io.tcplab.loadgen.compare;

import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.run.ExitCode;
import io.tcplab.loadgen.run.Output;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The gate of a comparison that was just run: whether its later contenders got worse than the first.
 *
 * @param exits whether exit code 3 says so
 * @param markdown file for a pull request's comment; absent = none
 */
public record Gating(boolean exits, @Nullable Path markdown) {

    /** Nobody asks. */
    public static final Gating NONE = new Gating(false, null);

    /**
     * Judges the rounds that were written.
     *
     * @param rounds the contenders' directories, the first being what the others are judged by
     * @param find the smallest change of a time that is worth finding, as a share
     * @param ran exit code of the rounds, which stands where nothing got worse
     */
    ExitCode judge(Map<String, List<Path>> rounds, double find, ExitCode ran, Output output) throws CannotRun {
        if (equals(NONE) || ran == ExitCode.INTERRUPTED) {
            return ran;
        }
        List<SavedRounds> contenders = new ArrayList<>();
        for (Map.Entry<String, List<Path>> each : rounds.entrySet()) {
            contenders.add(SavedRounds.of(each.getKey(), each.getValue()));
        }
        List<Gate> gates = contenders.stream()
                .skip(1)
                .map(other -> Gate.of(new SavedRounds.Pair(contenders.getFirst(), other), find))
                .toList();
        if (!output.silent()) {
            output.stdout().print(text(gates));
            output.stdout().flush();
        }
        Output.writeFile(markdown, () -> GateMarkdown.of(gates));
        return exits && gates.stream().anyMatch(Gate::worse) ? ExitCode.NOT_MET : ran;
    }

    private static String text(List<Gate> gates) {
        StringBuilder text = new StringBuilder();
        for (Gate each : gates) {
            text.append("\n");
            GateText.append(each, text);
        }
        return text.toString();
    }
}
