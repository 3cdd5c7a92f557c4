package io.tcplab.loadgen.report.text;

import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.result.NetworkFigures;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What lay between the sides, in words. */
public final class NetworkText {

    private static final Map<String, String> REASONS = Map.of(
            "lost", "lost by chance",
            "lostByName", "lost by name",
            "queueFull", "found the queue full",
            "cableTooSlow", "missed by a cable that was too slow",
            "cableFull", "too many for the cable",
            "notSent", "refused by the kernel",
            "backlogFull", "dropped by this machine before the cable");

    private NetworkText() {}

    /** Each fact under its name. */
    public static Map<String, String> facts(NetworkFigures network) {
        NetworkFigures.Achieved achieved = network.achieved();
        NetworkFigures.Segments segments = network.segments();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("asked", network.asked().isEmpty() ? "nothing" : asked(network.asked()));
        facts.put(
                "achieved",
                "round trip " + InWords.micros(achieved.rttMicros()) + ", " + InWords.percent(achieved.lossRate())
                        + " of " + InWords.count(achieved.packets()) + " packets dropped, "
                        + InWords.plain(achieved.rate() / 1e6) + " Mbit/s in the busiest second");
        facts.put(
                "late",
                InWords.micros(achieved.lateP50Micros()) + " (p50), " + InWords.micros(achieved.lateP99Micros())
                        + " (p99)");
        facts.put(
                "segments",
                InWords.count(segments.syn()) + " SYN, " + InWords.count(segments.synAck()) + " SYN+ACK, "
                        + InWords.count(segments.data()) + " with data, " + InWords.count(segments.ack())
                        + " pure ACK, " + InWords.count(segments.fin()) + " FIN, " + InWords.count(segments.rst())
                        + " RST; " + InWords.count(segments.retransmitted()) + " of them sent again");
        if (network.dropped().all() > 0) {
            facts.put("dropped", dropped(network.dropped()));
        }
        Long missing = network.notCaptured();
        if (missing != null) {
            facts.put(
                    "captured",
                    missing == 0
                            ? "network.pcapng"
                            : "network.pcapng, without " + InWords.count(missing)
                                    + " packets for which the disk was too slow");
        }
        return facts;
    }

    private static String asked(Map<String, Object> asked) {
        return asked.entrySet().stream()
                .map(each -> each.getKey() + ": " + each.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String dropped(NetworkFigures.Dropped dropped) {
        String reasons = dropped.reasons().entrySet().stream()
                .map(each -> InWords.count(each.getValue()) + " " + REASONS.getOrDefault(each.getKey(), each.getKey()))
                .collect(Collectors.joining(", "));
        return reasons + " (" + InWords.count(dropped.client()) + " of the client's, " + InWords.count(dropped.server())
                + " of the server's)";
    }
}
