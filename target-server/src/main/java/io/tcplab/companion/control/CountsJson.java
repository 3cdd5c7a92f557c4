package io.tcplab.companion.control;

import io.tcplab.companion.CompanionCounts;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** {@link CompanionCounts} as the properties of a JSON object, named as the record's components. */
final class CountsJson {

    private CountsJson() {}

    static void write(JsonGenerator to, CompanionCounts counts) {
        to.writeNumberProperty("accepted", counts.accepted());
        to.writeNumberProperty("active", counts.active());
        to.writeNumberProperty("closedFin", counts.closedFin());
        to.writeNumberProperty("closedRst", counts.closedRst());
        to.writeNumberProperty("closedHalfClose", counts.closedHalfClose());
        to.writeNumberProperty("closedLinger", counts.closedLinger());
        to.writeNumberProperty("abandoned", counts.abandoned());
        to.writeNumberProperty("peerClosedFirst", counts.peerClosedFirst());
        to.writeNumberProperty("resetsSeen", counts.resetsSeen());
        to.writeNumberProperty("exchanges", counts.exchanges());
        to.writeNumberProperty("badFrames", counts.badFrames());
        to.writeNumberProperty("bytesIn", counts.bytesIn());
        to.writeNumberProperty("bytesOut", counts.bytesOut());
        to.writeNumberProperty("acceptFailures", counts.acceptFailures());
        to.writeNumberProperty("cpuSeconds", counts.cpuSeconds());
    }

    static CompanionCounts read(Map<String, @Nullable Object> from) {
        return new CompanionCounts(
                Json.integer(from, "accepted", 0),
                Json.integer(from, "active", 0),
                Json.integer(from, "closedFin", 0),
                Json.integer(from, "closedRst", 0),
                Json.integer(from, "closedHalfClose", 0),
                Json.integer(from, "closedLinger", 0),
                Json.integer(from, "abandoned", 0),
                Json.integer(from, "peerClosedFirst", 0),
                Json.integer(from, "resetsSeen", 0),
                Json.integer(from, "exchanges", 0),
                Json.integer(from, "badFrames", 0),
                Json.integer(from, "bytesIn", 0),
                Json.integer(from, "bytesOut", 0),
                Json.integer(from, "acceptFailures", 0),
                from.get("cpuSeconds") instanceof Number seconds ? seconds.doubleValue() : 0);
    }
}
