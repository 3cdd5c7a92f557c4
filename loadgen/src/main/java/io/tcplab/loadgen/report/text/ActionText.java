package io.tcplab.loadgen.report.text;

import io.tcplab.loadgen.result.ActionReport;
import java.util.Locale;

/** What was done during the load, in words. */
public final class ActionText {

    private ActionText() {}

    /** When and what, and how it went. */
    public static String what(ActionReport action) {
        String failed = action.failure() == null ? "" : ", which failed: " + action.failure();
        String code = action.exitCode() == null || action.exitCode() == 0 ? "" : ", exit code " + action.exitCode();
        return String.format(Locale.ROOT, "%.1f s: %s", action.at(), action.what()) + code + failed;
    }

    static String line(ActionReport action) {
        return what(action) + " – " + action.sentence();
    }
}
