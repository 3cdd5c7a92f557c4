package io.tcplab.loadgen.learn;

import io.tcplab.kernel.Side;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes kinds of connection as members of a mix. */
final class MemberYaml {

    private static final double LARGEST_REQUEST = 64 << 20;
    private static final double LARGEST_RESPONSE = 1 << 30;
    /** The header of protocol tcplab's request. */
    private static final double LEAST_REQUEST = 16;

    private static final String BY_CLIENT = "{by: client, how: fin}";
    private static final double MOST_SECONDS = 86_400;
    private static final double STEADY = 0.1;
    private static final double VARIED = 0.25;

    private final boolean allSilent;

    /** Whether those that exchange nothing close in one way: no request names the ones that the server is to close. */
    private final boolean silentCloseAlike;

    private final StringBuilder text = new StringBuilder();
    private final Set<String> names = new HashSet<>();

    /** For the members of one mix. */
    MemberYaml(List<Member> mix) {
        allSilent = mix.stream().allMatch(Member::isSilent);
        silentCloseAlike = mix.stream()
                        .filter(Member::isSilent)
                        .map(MemberYaml::close)
                        .distinct()
                        .count()
                <= 1;
    }

    /** Whether no member of the mix exchanges anything. */
    boolean allSilent() {
        return allSilent;
    }

    /** All that were appended. */
    String text() {
        return text.toString();
    }

    /** Appends one. */
    void append(Member member) {
        double[] lifetimes = member.lifetimes();
        double[] idle = member.idleNanos();
        text.append("  # lifetime ").append(Distribution.quartiles(lifetimes));
        if (member.closer() != null) {
            text.append("; closed by the ")
                    .append(member.closer().word())
                    .append(' ')
                    .append(Distribution.quartiles(idle))
                    .append(" after the last byte");
        }
        text.append("\n  - name: ").append(name(member)).append("\n");
        text.append("    weight: ").append(member.of().size()).append("\n");
        if (member.isSilent()) {
            text.append(allSilent ? "" : "    protocol: none\n");
        } else {
            exchanges(member);
        }
        appendClose(member);
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
        return Distribution.quantile(sorted, 0.25) < Member.OWN_WORK_NANOS;
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

    private void appendClose(Member member) {
        String close = close(member);
        if (member.closer() == null) {
            text.append("    # still open when the capture ended\n");
        } else if (member.closer() == Side.SERVER && member.isSilent() && !silentCloseAlike) {
            text.append("    # the server closed these; it can be asked to close all silent connections, or none\n");
            close = BY_CLIENT;
        }
        text.append("    close: ").append(close).append("\n");
    }

    private static String close(Member member) {
        @Nullable Side closer = member.closer();
        if (closer == null) {
            return BY_CLIENT;
        }
        boolean halfClose = member.how() == Conversation.How.HALF_CLOSE && !member.isSilent();
        String how = halfClose ? "half-close" : member.how() == Conversation.How.RST ? "rst" : "fin";
        return "{by: " + closer.word() + ", how: " + how + "}";
    }

    private String name(Member member) {
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
