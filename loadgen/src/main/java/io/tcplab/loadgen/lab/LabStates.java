package io.tcplab.loadgen.lab;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The state machine of RFC 9293 §3.3.2, with the edges that a run has been seen to walk. */
public final class LabStates {
    private static final List<String> EDGES = List.of(
            "CLOSE LISTEN passive open",
            "CLOSE SYN_SENT active open: SYN",
            "LISTEN SYN_RECV SYN, SYN+ACK",
            "SYN_SENT SYN_RECV simultaneous open: SYN meets SYN",
            "SYN_SENT ESTABLISHED SYN+ACK, ACK",
            "SYN_RECV ESTABLISHED ACK of the SYN",
            "ESTABLISHED FIN_WAIT1 close: FIN",
            "ESTABLISHED CLOSE_WAIT FIN, ACK",
            "FIN_WAIT1 FIN_WAIT2 ACK of the FIN",
            "FIN_WAIT1 CLOSING simultaneous close: FIN meets FIN",
            "FIN_WAIT2 TIME_WAIT FIN, ACK",
            "CLOSING TIME_WAIT ACK of the FIN",
            "CLOSE_WAIT LAST_ACK close: FIN",
            "LAST_ACK CLOSE ACK of the FIN",
            "TIME_WAIT CLOSE two MSL, 60 s");

    private LabStates() {}

    /** One line for each edge, marked with the experiments in which an end was seen in both states, one after the other. */
    public static String drawing(List<LabResult> results) {
        Map<String, Set<String>> walked = new HashMap<>();
        results.stream().filter(LabResult::passed).forEach(each -> walk(each, walked));
        StringBuilder text = new StringBuilder("The state machine, and where this run was seen on it\n\n");
        int seen = 0;
        for (String edge : EDGES) {
            String[] words = edge.split(" ", 3);
            List<String> ids = new ArrayList<>(walked.getOrDefault(words[0] + " " + words[1], Set.of()));
            seen += ids.isEmpty() ? 0 : 1;
            String where = ids.isEmpty() ? "" : String.join(", ", ids.subList(0, Math.min(4, ids.size())));
            text.append(String.format(
                    java.util.Locale.ROOT,
                    "  %s %-11s ──▶ %-11s  %-38s %s%n",
                    ids.isEmpty() ? "·" : "✓",
                    name(words[0]),
                    name(words[1]),
                    words[2],
                    where));
        }
        return text.append("\n  ")
                .append(seen)
                .append(" of ")
                .append(EDGES.size())
                .append(" edges.\n")
                .toString();
    }

    private static String name(String state) {
        return state.equals("CLOSE") ? "CLOSED" : state;
    }

    private static void walk(LabResult result, Map<String, Set<String>> walked) {
        Map<String, String> last = new HashMap<>();
        for (Evidence.SeenState each : result.evidence().states()) {
            String before = last.getOrDefault(each.end(), "CLOSE");
            walked.computeIfAbsent(before + " " + each.state(), _ -> new LinkedHashSet<>())
                    .add(result.card().id());
            last.put(each.end(), each.state());
        }
    }
}
