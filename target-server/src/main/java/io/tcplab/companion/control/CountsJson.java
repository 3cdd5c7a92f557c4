package io.tcplab.companion.control;

import io.tcplab.companion.CompanionCounts;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** {@link CompanionCounts} as the properties of a JSON object, named as the record's components. */
final class CountsJson {

    /** Bytes of a companion that has served for years are less. */
    private static final long MOST = 1L << 60;

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
        to.writeNumberProperty("tlsFull", counts.tlsFull());
        to.writeNumberProperty("tlsResumed", counts.tlsResumed());
        to.writeNumberProperty("tlsFailed", counts.tlsFailed());
        to.writeNumberProperty("bytesIn", counts.bytesIn());
        to.writeNumberProperty("bytesOut", counts.bytesOut());
        to.writeNumberProperty("acceptFailures", counts.acceptFailures());
        to.writeNumberProperty("cpuSeconds", counts.cpuSeconds());
    }

    /** @throws IllegalArgumentException where a count is negative, too great or no number */
    static CompanionCounts read(Map<String, @Nullable Object> from) {
        return new CompanionCounts(
                count(from, "accepted"),
                count(from, "active"),
                count(from, "closedFin"),
                count(from, "closedRst"),
                count(from, "closedHalfClose"),
                count(from, "closedLinger"),
                count(from, "abandoned"),
                count(from, "peerClosedFirst"),
                count(from, "resetsSeen"),
                count(from, "exchanges"),
                count(from, "badFrames"),
                count(from, "tlsFull"),
                count(from, "tlsResumed"),
                count(from, "tlsFailed"),
                count(from, "bytesIn"),
                count(from, "bytesOut"),
                count(from, "acceptFailures"),
                seconds(from));
    }

    private static long count(Map<String, @Nullable Object> from, String name) {
        return Json.within(from, name, 0, MOST);
    }

    private static double seconds(Map<String, @Nullable Object> from) {
        double seconds = from.get("cpuSeconds") instanceof Number number ? number.doubleValue() : 0;
        if (!(seconds >= 0 && seconds < MOST)) {
            throw new IllegalArgumentException("cpuSeconds is " + seconds + ", which cannot be");
        }
        return seconds;
    }
}
