package io.tcplab.loadgen.learn;

import io.tcplab.kernel.Printable;
import io.tcplab.kernel.Side;
import io.tcplab.loadgen.record.InWords;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes what was learned as a profile, with comments on what the capture shows beside it and on what it cannot show. */
final class LearnedProfile {

    /** A pause that a client makes by itself, between reading a response and sending the next request. */
    private static final double OWN_WORK_NANOS = 1_000_000;

    private static final double LARGEST_REQUEST = 64 << 20;
    private static final double LARGEST_RESPONSE = 1 << 30;
    /** The header of protocol tcplab's request. */
    private static final double LEAST_REQUEST = 16;

    private static final double MOST_SECONDS = 86_400;
    private static final double STEADY = 0.1;
    private static final double VARIED = 0.25;

    private final String name;
    private final Traffic traffic;
    private final boolean cut;
    private final StringBuilder text = new StringBuilder();
    private final List<Conversation> used;
    private final LoadShape load;
    private final List<Member> members;

    /** Of a capture's name and its traffic; {@code cut} = the file ends within a packet. */
    LearnedProfile(String name, Traffic traffic, boolean cut) {
        this.name = name;
        this.traffic = traffic;
        this.cut = cut;
        List<Conversation> whole =
                traffic.conversations().stream().filter(Conversation::whole).toList();
        this.used = 2 * whole.size() >= traffic.conversations().size() ? whole : traffic.conversations();
        this.members = Member.of(used);
        this.load = LoadShape.of(withoutRare());
    }

    /** All connections, except for those of kinds that are no member. */
    private List<Conversation> withoutRare() {
        Set<Conversation> rare = Collections.newSetFromMap(new IdentityHashMap<>());
        rare.addAll(used);
        members.forEach(each -> each.of().forEach(rare::remove));
        return traffic.conversations().stream()
                .filter(each -> !rare.contains(each))
                .toList();
    }

    /** The YAML text. */
    String yaml() {
        seen();
        unknown();
        boolean silent = members.stream().allMatch(Member::isSilent);
        text.append("name: ").append(profileName()).append("\n");
        load();
        text.append("mix:\n");
        Set<String> names = new HashSet<>();
        for (Member each : members) {
            member(each, silent, names);
        }
        text.append("protocol: ").append(silent ? "none" : "tcplab").append("\n");
        return text.toString();
    }

    /** What was learned, in one sentence. */
    String sentence() {
        String shape = switch (load) {
            case LoadShape.Open open ->
                open.steps().size() > 1
                        ? open.steps().size() + " steps of connections per second"
                        : rate(open.steps().getFirst().perSecond()) + " connections per second";
            case LoadShape.Closed closed -> closed.concurrency() + " connections at a time";
            case LoadShape.Hold hold -> hold.connections() + " connections held open";
        };
        return shape + " to " + traffic.server().words() + ", " + members.size()
                + (members.size() == 1 ? " kind" : " kinds") + " of connection";
    }

    private String profileName() {
        String safe = name.replaceFirst("\\.(pcap|pcapng|cap)$", "").replaceAll("[^A-Za-z0-9_-]+", "-");
        return "learned-" + (safe.isEmpty() ? "traffic" : safe.substring(0, Math.min(40, safe.length())));
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
                    quartiles(roundTrips));
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
                Distribution.time(OWN_WORK_NANOS));
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

    private void load() {
        switch (load) {
            case LoadShape.Open open -> open(open);
            case LoadShape.Closed closed -> {
                comment("Connections follow each other: %,d at a time.", closed.concurrency());
                text.append("connections: ").append(closed.connections()).append("\n");
                text.append("load:\n  closed: {concurrency: ")
                        .append(closed.concurrency())
                        .append("}\n");
            }
            case LoadShape.Hold hold -> {
                text.append("duration: ").append(duration(seconds())).append("\n");
                text.append("load:\n  hold: {connections: ")
                        .append(hold.connections())
                        .append("}\n");
            }
        }
    }

    private void open(LoadShape.Open open) {
        comment(
                "Arrivals: the variance of their number over its mean is %.2f; a Poisson process has 1, a clock 0.%s",
                open.dispersion(),
                open.dispersion() > 2 ? " They come in bursts, which a profile cannot express." : "");
        double seconds =
                open.steps().stream().mapToDouble(LoadShape.Step::seconds).sum();
        text.append("duration: ").append(duration(seconds)).append("\n");
        String arrivals = open.poisson() ? "\n    arrivals: poisson" : "";
        if (open.steps().size() == 1) {
            text.append("load:\n  open:\n    rate: ")
                    .append(rate(open.steps().getFirst().perSecond()))
                    .append("/s")
                    .append(arrivals)
                    .append("\n");
            return;
        }
        text.append("load:\n  open:\n    steps:\n");
        for (LoadShape.Step step : open.steps()) {
            text.append("      - {rate: ")
                    .append(rate(step.perSecond()))
                    .append("/s, for: ")
                    .append(duration(step.seconds()))
                    .append("}\n");
        }
        text.append(arrivals.isEmpty() ? "" : arrivals.substring(1) + "\n");
    }

    private double seconds() {
        return (traffic.counts().lastNanos - traffic.counts().firstNanos) / 1e9;
    }

    private static String duration(double seconds) {
        return Distribution.time(Math.clamp(seconds, 0.01, MOST_SECONDS) * 1e9);
    }

    /** To four significant digits. */
    private static String rate(double perSecond) {
        double scale = Math.pow(10, Math.floor(Math.log10(Math.max(perSecond, 1e-3))) - 3);
        String text = String.format(Locale.ROOT, "%.6f", Math.max(Math.round(perSecond / scale) * scale, 0.001));
        return text.replaceFirst("\\.?0+$", "");
    }

    private void member(Member member, boolean allSilent, Set<String> names) {
        double[] lifetimes = member.lifetimes();
        double[] idle = member.idleNanos();
        text.append("  # lifetime ").append(quartiles(lifetimes));
        if (member.closer() != null) {
            text.append("; closed by the ")
                    .append(member.closer().word())
                    .append(' ')
                    .append(quartiles(idle))
                    .append(" after the last byte");
        }
        text.append("\n  - name: ").append(memberName(member, names)).append("\n");
        text.append("    weight: ").append(member.of().size()).append("\n");
        if (member.isSilent()) {
            text.append(allSilent ? "" : "    protocol: none\n");
        } else {
            exchanges(member);
        }
        close(member);
    }

    private void exchanges(Member member) {
        Distribution exchanges = Distribution.of(member.exchanges(), 1);
        text.append("    exchanges: ").append(exchanges.counts()).append("\n");
        Distribution requests = Distribution.of(capped(member.requestBytes(), LARGEST_REQUEST), LEAST_REQUEST);
        Distribution responses = Distribution.of(capped(member.responseBytes(), LARGEST_RESPONSE), 0);
        text.append("    request: ").append(requests.bytes()).append("\n");
        text.append("    response: ").append(responses.bytes()).append("\n");
        double[] think = member.thinkNanos();
        Distribution pause = Distribution.of(capped(think, MOST_SECONDS * 1e9 / 32), 0);
        if (think.length > 0 && !isOwnWork(think)) {
            text.append("    think: ").append(pause.time()).append("\n");
        }
        if (endsByAge(member)) {
            text.append("    lifetime: ")
                    .append(Distribution.of(member.lifetimes(), 1_000).time())
                    .append("\n");
        }
    }

    /** An exponential's mean may be a twentieth of the largest value. */
    private static double[] capped(double[] values, double largest) {
        double[] capped = values.clone();
        for (int i = 0; i < capped.length; i++) {
            capped[i] = Math.clamp(capped[i], 0, largest / 32);
        }
        return capped;
    }

    private static boolean isOwnWork(double[] think) {
        double[] sorted = think.clone();
        Arrays.sort(sorted);
        return Distribution.quantile(sorted, 0.25) < OWN_WORK_NANOS;
    }

    /** All live equally long, and not by having equally many exchanges. */
    private static boolean endsByAge(Member member) {
        double[] exchanges = member.exchanges();
        Arrays.sort(exchanges);
        double[] lifetimes = member.lifetimes();
        return member.closer() == Side.CLIENT
                && lifetimes.length > 4
                && spread(lifetimes) < STEADY
                && spread(exchanges) > VARIED;
    }

    private static double spread(double[] sorted) {
        return (Distribution.quantile(sorted, 0.75) - Distribution.quantile(sorted, 0.25))
                / Math.max(1, Distribution.quantile(sorted, 0.5));
    }

    private static String quartiles(double[] sorted) {
        return Distribution.time(Distribution.quantile(sorted, 0.25)) + " to "
                + Distribution.time(Distribution.quantile(sorted, 0.75));
    }

    private void close(Member member) {
        @Nullable Side closer = member.closer();
        if (closer == null) {
            text.append("    # still open when the capture ended\n    close: {by: client, how: fin}\n");
            return;
        }
        boolean halfClose = member.how() == Conversation.How.HALF_CLOSE && !member.isSilent();
        String how = halfClose ? "half-close" : member.how() == Conversation.How.RST ? "rst" : "fin";
        text.append("    close: {by: ")
                .append(closer.word())
                .append(", how: ")
                .append(how)
                .append("}\n");
    }

    private static String memberName(Member member, Set<String> names) {
        Distribution exchanges = Distribution.of(member.exchanges(), 0);
        String size = member.isSilent() ? "silent" : exchanges.high() <= 1 ? "single" : "many";
        @Nullable Side closer = member.closer();
        String base = size
                + (closer == null
                        ? "-open"
                        : "-" + closer.word() + "-" + member.how().word());
        String name = base;
        for (int i = 2; !names.add(name); i++) {
            name = base + "-" + i;
        }
        return name;
    }
}
