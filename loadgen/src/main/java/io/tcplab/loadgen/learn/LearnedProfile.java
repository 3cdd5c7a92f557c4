package io.tcplab.loadgen.learn;

import io.tcplab.kernel.Printable;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Writes what was learned as a profile, below the notes on what the capture shows beside it and on what it cannot show. */
final class LearnedProfile {

    private static final double MOST_SECONDS = 86_400;

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
        text.append(new CaptureNotes(name, traffic, cut, used, members).text());
        text.append("name: ").append(profileName()).append("\n");
        load();
        text.append("mix:\n");
        MemberYaml each = new MemberYaml(members);
        members.forEach(each::append);
        text.append(each.text());
        text.append("protocol: ").append(each.allSilent() ? "none" : "tcplab").append("\n");
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
}
