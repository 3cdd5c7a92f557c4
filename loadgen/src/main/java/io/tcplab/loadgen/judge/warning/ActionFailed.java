package io.tcplab.loadgen.judge.warning;

import io.tcplab.loadgen.plan.Action;
import io.tcplab.loadgen.result.ActionReport;
import io.tcplab.loadgen.result.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An action was not done, or its command ended in failure: a verdict on its cost is then one on nothing.
 *
 * @param atSecond since the recorded part began
 * @param what was to be done
 * @param exitCode of its command; absent where there was none
 * @param failure why it could not be done, or the last line of its command; absent where that printed nothing
 */
public record ActionFailed(
        double atSecond,
        String what,
        @Nullable Integer exitCode,
        @Nullable String failure) implements RunWarning {

    static final ActionFailed EXAMPLE =
            new ActionFailed(3.001, "run nginx -s reload", 1, "nginx: [error] invalid PID number \"\"");

    static List<RunWarning> in(Facts facts) {
        List<RunWarning> found = new ArrayList<>(of(facts.summary()));
        List<Action> planned = facts.profile().actions();
        if (!facts.summary().interrupted()) {
            planned.stream()
                    .skip(facts.summary().actions().size())
                    .map(each -> new ActionFailed(
                            each.atNanos() / 1e9, each.deed().inWords(), null, "the load ended before its time"))
                    .forEach(found::add);
        }
        return found;
    }

    /** Those of a result; an interruption ends actions as well. */
    public static List<RunWarning> of(Summary summary) {
        if (summary.interrupted()) {
            return List.of();
        }
        return summary.actions().stream()
                .filter(ActionReport::failed)
                .map(ActionFailed::warning)
                .toList();
    }

    private static RunWarning warning(ActionReport action) {
        String why = action.failure();
        return new ActionFailed(
                action.at(), action.what(), action.exitCode(), why == null ? null : why.replaceFirst("\\.$", ""));
    }

    @Override
    public String when() {
        return "an action could not be done, was not due before the load ended, or its command ended with an exit code other than 0";
    }

    @Override
    public String message() {
        return String.format(Locale.ROOT, "The action at %.1f s, %s, failed: ", atSecond, what)
                + (exitCode == null ? "" : "exit code " + exitCode + (failure == null ? "" : ": "))
                + (failure == null ? "" : failure) + ".";
    }

    @Override
    public String advice() {
        return "its verdict shows nothing about its purpose: run the command by hand, in the server's directory and environment";
    }
}
