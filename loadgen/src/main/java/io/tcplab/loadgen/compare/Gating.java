package io.tcplab.loadgen.compare;

import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.run.ExitCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a comparison that runs its rounds itself: whether its later contenders got worse than the first.
 *
 * @param exits whether exit code 3 says so
 * @param markdown file for a pull request's comment; absent = none
 */
public record Gating(boolean exits, @Nullable Path markdown) {

    /** Nobody asks. */
    public static final Gating NONE = new Gating(false, null);

    /**
     * Judges rounds that were written; nothing where nobody asks.
     *
     * @param rounds the contenders' directories, the first being what the others are judged by
     * @param find the smallest change of a time that is worth finding, as a share
     */
    List<Gate> judge(Map<String, List<Path>> rounds, double find) throws CannotRun {
        if (equals(NONE)) {
            return List.of();
        }
        List<SavedRounds> contenders = new ArrayList<>();
        for (Map.Entry<String, List<Path>> each : rounds.entrySet()) {
            contenders.add(SavedRounds.of(each.getKey(), each.getValue()));
        }
        return contenders.stream()
                .skip(1)
                .map(other -> Gate.of(new SavedRounds.Pair(contenders.getFirst(), other), find))
                .toList();
    }

    /** The exit code of a comparison whose rounds end with {@code ran}. */
    ExitCode exitCode(List<Gate> gates, ExitCode ran) {
        return exits && ran != ExitCode.INTERRUPTED && gates.stream().anyMatch(Gate::worse) ? ExitCode.NOT_MET : ran;
    }

    /** The gates as they follow the text of a comparison. */
    static String text(List<Gate> gates) {
        StringBuilder text = new StringBuilder();
        for (Gate each : gates) {
            text.append("\n");
            GateText.append(each, text);
        }
        return text.toString();
    }
}
