package io.tcplab.loadgen.learn;

import io.tcplab.kernel.Printable;
import io.tcplab.loadgen.record.InWords;
import java.util.List;
import java.util.Locale;

/** What a capture shows beside the profile that was learned from it, and what it cannot show, as comments. */
final class CaptureNotes {

    private final String name;
    private final Traffic traffic;
    private final boolean cut;
    private final List<Conversation> used;
    private final List<Member> members;
    private final StringBuilder text = new StringBuilder();

    /** {@code used} are the connections that the mix was learned from, {@code members} their kinds. */
    CaptureNotes(String name, Traffic traffic, boolean cut, List<Conversation> used, List<Member> members) {
        this.name = name;
        this.traffic = traffic;
        this.cut = cut;
        this.used = used;
        this.members = members;
    }

    /** Lines that begin with #. */
    String text() {
        seen();
        unknown();
        return text.toString();
    }

    @SuppressWarnings("AnnotateFormatMethod") // the formats are constants of this class
    private void comment(String format, Object... values) {
        text.append("# ")
                .append(Printable.line(String.format(Locale.ROOT, format, values)))
                .append("\n");
    }

    private void seen() {
        CaptureCounts counts = traffic.counts();
        comment(
                "Learned from %s: %,d packets, of them %,d TCP segments, in %s. Only headers were read.",
                name, counts.packets, counts.segments, InWords.seconds((counts.lastNanos - counts.firstNanos) / 1e9));
        comment(
                "Server: %s, %,d connections.",
                traffic.server().words(), traffic.conversations().size());
        if (!traffic.others().isEmpty()) {
            comment(
                    "Also seen, and not in this profile (--port N selects one): %s.",
                    String.join(
                            ", ",
                            traffic.others().entrySet().stream()
                                    .map(each -> each.getKey() + " (" + InWords.count(each.getValue()) + ")")
                                    .toList()));
        }
        long retransmits = traffic.conversations().stream()
                .mapToLong(Conversation::retransmits)
                .sum();
        double[] roundTrips = traffic.conversations().stream()
                .mapToDouble(Conversation::roundTripNanos)
                .filter(each -> each >= 0)
                .sorted()
                .toArray();
        if (roundTrips.length > 0) {
            comment(
                    "Round trip of the handshake: %s; with --isolate netns, network: {rtt: …} makes one.",
                    Distribution.quartiles(roundTrips));
        }
        comment(
                "Retransmitted segments: %,d. SYNs refused: %,d, unanswered: %,d.",
                retransmits, traffic.refused(), traffic.unanswered());
    }

    private void unknown() {
        CaptureCounts counts = traffic.counts();
        comment("Not known:");
        comment(
                "- what was said, and whether it was encrypted: protocol tcplab exchanges as many bytes with the companion. To send the"
                        + " load to a server of yours, write its protocol (docs/protocols.md) in place of the sizes, and a target.");
        comment(
                "- why the client paused: think is the time from a response to the next request without the handshake's way to the client"
                        + " and back, less than %s counts as 0.",
                Distribution.time(Member.OWN_WORK_NANOS));
        long partial =
                traffic.conversations().stream().filter(each -> !each.whole()).count();
        if (partial > 0) {
            String mix = used.size() < traffic.conversations().size()
                    ? ": the mix is that of the others"
                    : ", and are in the mix as far as seen";
            comment("- %,d connections began before the capture or ended after it%s.", partial, mix);
        }
        long rare = used.size()
                - members.stream().mapToLong(each -> each.of().size()).sum();
        if (rare > 0) {
            comment("- %,d connections of kinds too rare to describe are left out.", rare);
        }
        if (traffic.conversations().stream().anyMatch(Conversation::greeted)) {
            comment("- the server speaks first on some connections; what it says there is left out.");
        }
        line(traffic.notKept(), "connections were only counted, as there were too many");
        line(counts.cut, "packets are shorter than their headers: capture with a snap length of 96 or more");
        line(counts.fragments, "fragments have no TCP header");
        line(counts.malformed, "segments are malformed");
        line(counts.duplicates, "segments were captured twice and count once");
        if (cut) {
            comment("- the capture ends within a packet.");
        }
    }

    private void line(long number, String what) {
        if (number > 0) {
            comment("- %,d %s.", number, what);
        }
    }
}
