package io.tcplab.loadgen.lab;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The state machine of RFC 9293 §3.3.2, with the edges that a run has been seen to walk, on each side. */
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

    /** A letter for each edge, in their order. */
    private static final String PICTURE = """
                              CLOSED
                         [a]╱        ╲[b]
                           ▼          ▼
                        LISTEN      SYN_SENT
                         [c]╲    [d]╱   ╲[e]
                             ▼     ▼     ╲
                             SYN_RECV     ╲
                                [f]╲       ▼
                                    ▶ ESTABLISHED
                               [g]╱           ╲[h]
                                 ▼             ▼
                            FIN_WAIT1       CLOSE_WAIT
                         [i]╱      ╲[j]         │[m]
                           ▼        ▼           ▼
                     FIN_WAIT2   CLOSING     LAST_ACK
                         [k]╲     ╱[l]          │[n]
                             ▼   ▼              ▼
                           TIME_WAIT         CLOSED
                               │[o]
                               ▼
                             CLOSED
            """;

    private static final int NAMED = 3;

    private LabStates() {}

    /**
     * The picture, and one line for each edge with the experiments in which an end of that side was seen in both states, one after the
     * other.
     */
    public static String drawing(List<LabResult> results) {
        Map<String, Set<String>> walked = new HashMap<>();
        results.stream().filter(LabResult::passed).forEach(each -> walk(each, walked));
        StringBuilder table = new StringBuilder();
        String picture = PICTURE;
        int seen = 0;
        for (int i = 0; i < EDGES.size(); i++) {
            String[] words = EDGES.get(i).split(" ", 3);
            Set<String> client = walked.getOrDefault("client " + words[0] + " " + words[1], Set.of());
            Set<String> server = walked.getOrDefault("server " + words[0] + " " + words[1], Set.of());
            boolean any = !client.isEmpty() || !server.isEmpty();
            seen += any ? 1 : 0;
            char letter = (char) ('a' + i);
            picture = picture.replace("[" + letter + "]", " " + letter + (any ? "✓" : "·"));
            table.append(String.format(
                            Locale.ROOT,
                            "  %s %c %-11s ──▶ %-11s  %-38s %-14s %s",
                            any ? "✓" : "·",
                            letter,
                            name(words[0]),
                            name(words[1]),
                            words[2],
                            named(client),
                            named(server))
                    .stripTrailing());
            table.append('\n');
        }
        return "The state machine, and the edges that this run observed\n\n" + picture.indent(2)
                + String.format(Locale.ROOT, "%n  %-69s %-14s %s%n", "", "client", "server") + table + "\n  " + seen
                + " of " + EDGES.size() + " edges.\n";
    }

    private static String named(Set<String> ids) {
        List<String> all = new ArrayList<>(ids);
        return all.isEmpty() ? "–" : String.join(", ", all.subList(0, Math.min(NAMED, all.size())));
    }

    private static String name(String state) {
        return state.equals("CLOSE") ? "CLOSED" : state;
    }

    private static void walk(LabResult result, Map<String, Set<String>> walked) {
        Map<String, String> last = new HashMap<>();
        for (Evidence.SeenState each : result.evidence().states()) {
            String before = last.getOrDefault(each.end(), "CLOSE");
            walked.computeIfAbsent(each.end() + " " + before + " " + each.state(), _ -> new LinkedHashSet<>())
                    .add(result.card().id());
            last.put(each.end(), each.state());
        }
    }
}
