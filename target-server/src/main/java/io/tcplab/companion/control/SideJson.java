package io.tcplab.companion.control;

import io.tcplab.kernel.Printable;
import io.tcplab.kernel.host.SideFacts;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** {@link SideFacts} as the properties of a JSON object, named as the record's components. */
final class SideJson {

    private static final Pattern SETTING = Pattern.compile("[A-Za-z0-9._/-]{1,100}");
    private static final int MOST_SETTINGS = 1_000;

    private SideJson() {}

    static void write(JsonGenerator to, SideFacts facts) {
        String bootId = facts.bootId();
        if (bootId != null) {
            to.writeStringProperty("bootId", bootId);
        }
        Long networkNamespace = facts.networkNamespace();
        if (networkNamespace != null) {
            to.writeNumberProperty("networkNamespace", networkNamespace);
        }
        texts(to, "sysctls", facts.sysctls());
        texts(to, "limits", facts.limits());
    }

    private static void texts(JsonGenerator to, String name, Map<String, String> texts) {
        to.writeObjectPropertyStart(name);
        texts.forEach(to::writeStringProperty);
        to.writeEndObject();
    }

    /** @throws IllegalArgumentException where a name cannot be that of a setting */
    static SideFacts read(Map<String, @Nullable Object> from) {
        return new SideFacts(
                from.get("bootId") instanceof String bootId ? Printable.shortLine(bootId) : null,
                from.get("networkNamespace") instanceof Long inode ? inode : null,
                texts(Json.object(from, "sysctls")),
                texts(Json.object(from, "limits")));
    }

    private static Map<String, String> texts(Map<String, @Nullable Object> object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.forEach((name, value) -> {
            if (!SETTING.matcher(name).matches() || texts.size() >= MOST_SETTINGS) {
                throw new IllegalArgumentException("no setting has the name " + Printable.shortLine(name));
            }
            texts.put(name, Printable.shortLine(String.valueOf(value)));
        });
        return texts;
    }
}
