package io.tcplab.loadgen.report.text;

import io.tcplab.loadgen.result.ActionReport;
import java.util.Locale;

/** What was done during the load, in words. */
public final class ActionText {

    private ActionText() {}

    /** When and what, and how it went. */
    public static String what(ActionReport action) {
        Integer code = action.exitCode();
        boolean exits = code != null && code != 0;
        String why = action.failure() == null ? "" : (exits ? ": " : ", which failed: ") + action.failure();
        return String.format(Locale.ROOT, "%.1f s: %s", action.at(), action.what())
                + (exits ? ", exit code " + code : "")
                + why;
    }

    static String line(ActionReport action) {
        return what(action) + " – " + action.sentence();
    }
}
