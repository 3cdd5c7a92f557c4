package io.tcplab.companion;

import io.tcplab.companion.control.SettingsJson;
import java.util.ArrayList;
import java.util.List;

/** The usual settings but for some, by their keys in JSON. */
public final class SettingsWith {

    private SettingsWith() {}

    /** {@code of("backlog", 16, "acceptPaused", true)}. */
    public static CompanionSettings of(Object... keysAndValues) {
        List<String> pairs = new ArrayList<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            Object value = keysAndValues[i + 1];
            String written =
                    value instanceof Number || value instanceof Boolean ? value.toString() : "\"" + value + "\"";
            pairs.add("\"" + keysAndValues[i] + "\": " + written);
        }
        return SettingsJson.read("{" + String.join(", ", pairs) + "}");
    }
}
