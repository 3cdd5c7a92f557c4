package io.tcplab.loadgen.learn;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The connections to one server, the busiest of a capture: that with the most connections and exchanges together.
 *
 * @param server its address and port; of several addresses behind one port, the busiest
 * @param conversations by when they began
 * @param others connections to other servers, by server
 * @param notKept connections that there was no room for
 * @param refused SYNs that were answered by RST
 * @param unanswered SYNs that were not answered
 * @param counts of the capture
 */
record Traffic(
        Segment.Endpoint server,
        List<Conversation> conversations,
        Map<String, Integer> others,
        long notKept,
        long refused,
        long unanswered,
        CaptureCounts counts) {

    static Traffic of(List<Conversation> all, long notKept, long refused, long unanswered, CaptureCounts counts) {
        Map<Segment.Endpoint, Integer> byServer = new LinkedHashMap<>();
        Map<Segment.Endpoint, Long> work = new LinkedHashMap<>();
        for (Conversation each : all) {
            byServer.merge(each.server(), 1, Integer::sum);
            work.merge(each.server(), 1 + each.exchanges(), Long::sum);
        }
        Segment.Endpoint busiest = work.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(new Segment.Endpoint(new HostAddress(0, 0), 0));
        Map<String, Integer> others = new LinkedHashMap<>();
        byServer.entrySet().stream()
                .filter(each -> !each.getKey().equals(busiest))
                .sorted(Comparator.comparing(Map.Entry<Segment.Endpoint, Integer>::getValue)
                        .reversed())
                .limit(10)
                .forEach(each -> others.put(each.getKey().words(), each.getValue()));
        return new Traffic(
                busiest,
                all.stream()
                        .filter(each -> each.server().equals(busiest))
                        .sorted(Comparator.comparingLong(Conversation::openedNanos))
                        .toList(),
                others,
                notKept,
                refused,
                unanswered,
                counts);
    }
}
