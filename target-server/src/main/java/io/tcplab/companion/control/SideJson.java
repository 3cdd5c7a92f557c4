package io.tcplab.companion.control;

import io.tcplab.kernel.host.SideFacts;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** {@link SideFacts} as the properties of a JSON object, named as the record's components. */
final class SideJson {

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

    static SideFacts read(Map<String, @Nullable Object> from) {
        return new SideFacts(
                from.get("bootId") instanceof String bootId ? bootId : null,
                from.get("networkNamespace") instanceof Long inode ? inode : null,
                texts(Json.object(from, "sysctls")),
                texts(Json.object(from, "limits")));
    }

    private static Map<String, String> texts(Map<String, @Nullable Object> object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.forEach((name, value) -> texts.put(name, String.valueOf(value)));
        return texts;
    }
}
