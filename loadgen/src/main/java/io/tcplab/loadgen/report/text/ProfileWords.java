package io.tcplab.loadgen.report.text;

import io.tcplab.companion.protocol.CloseStyle;
import io.tcplab.loadgen.plan.Close;
import io.tcplab.loadgen.plan.Load;
import io.tcplab.loadgen.plan.MixMember;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.Protocol;
import io.tcplab.loadgen.plan.Quantity;
import io.tcplab.loadgen.record.InWords;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;

/** The effective profile in two lines: when connections start, and what they are. */
public final class ProfileWords {

    private ProfileWords() {}

    /** For example {@code open loop, 1,250/s, for 5 s after 1 s of warm-up, tcplab protocol}. */
    public static String load(Profile profile) {
        StringBuilder text = new StringBuilder(load(profile.load()));
        if (profile.durationNanos() != Profile.UNLIMITED) {
            text.append(", for ").append(nanos(profile.durationNanos()));
        }
        if (profile.connections() != Profile.UNLIMITED) {
            text.append(", ").append(InWords.count(profile.connections())).append(" connections");
        }
        if (profile.warmupNanos() > 0) {
            text.append(" after ").append(nanos(profile.warmupNanos())).append(" of warm-up");
        }
        boolean spoken = profile.mix().stream().anyMatch(member -> member.protocol() == null);
        return (spoken ? text.append(", ").append(profile.protocol().words()) : text).toString();
    }

    /** For example {@code 80% short: 1 exchange, client fin · 20% keepalive: 20 exchanges, think 10.0 ms, server fin}. */
    public static String mix(Profile profile) {
        double weights = profile.mix().stream().mapToDouble(MixMember::weight).sum();
        List<String> members = new ArrayList<>();
        for (MixMember member : profile.mix()) {
            String share = profile.mix().size() == 1 ? "" : InWords.percent(member.weight() / weights) + " ";
            members.add(share + member.name() + ": " + member(member, profile.protocolOf(member), profile.load()));
        }
        return String.join(" · ", members);
    }

    private static String load(Load load) {
        return switch (load) {
            case Load.Open open ->
                "open loop, " + rates(open) + (open.arrivals() == Load.Arrivals.POISSON ? ", Poisson" : "");
            case Load.Closed closed -> "closed loop, " + InWords.count(closed.concurrency()) + " at a time";
            case Load.Requests requests ->
                InWords.count(Math.round(requests.perSecond())) + " requests/s"
                        + (requests.arrivals() == Load.Arrivals.POISSON ? ", Poisson," : "") + " over "
                        + InWords.count(requests.connections()) + " kept connections";
            case Load.Hold hold ->
                "holds " + InWords.count(hold.connections()) + " connections, opened over " + nanos(hold.rampNanos())
                        + (hold.reopenNanos() == null
                                ? ""
                                : "; what is lost is opened again after " + nanos(hold.reopenNanos()));
        };
    }

    private static String rates(Load.Open open) {
        List<String> rates = new ArrayList<>();
        for (Load.RateSegment segment : open.segments()) {
            String from = InWords.rate(segment.fromPerSecond());
            boolean isStep = segment.fromPerSecond() == segment.toPerSecond();
            rates.add(isStep ? from + "/s" : from + " to " + InWords.rate(segment.toPerSecond()) + "/s");
        }
        return rates.size() <= 4 ? String.join(", ", rates) : rates.size() + " steps up to " + highest(open) + "/s";
    }

    private static String highest(Load.Open open) {
        return InWords.rate(open.segments().stream()
                .mapToDouble(segment -> Math.max(segment.fromPerSecond(), segment.toPerSecond()))
                .max()
                .orElse(0));
    }

    private static String member(MixMember member, Protocol protocol, Load load) {
        StringBuilder text = new StringBuilder();
        boolean byTheClock = load instanceof Load.Requests;
        if (!(protocol instanceof Protocol.None) && !byTheClock) {
            String exchanges = quantity(member.exchanges(), InWords::rate);
            text.append(exchanges).append(exchanges.equals("1") ? " exchange, " : " exchanges, ");
        }
        if (member.thinkNanos().max() > 0 && !byTheClock) {
            text.append("think ")
                    .append(quantity(member.thinkNanos(), nanos -> InWords.micros(nanos / 1000)))
                    .append(", ");
        }
        text.append(close(member.close()));
        return (member.protocol() == null ? text : text.append(", ").append(protocol.words())).toString();
    }

    private static String close(Close close) {
        String how = close.how().word();
        String linger = close.how() == CloseStyle.LINGER ? " " + close.lingerSeconds() + " s" : "";
        return close.by().word() + " " + how + linger;
    }

    private static String quantity(Quantity quantity, DoubleFunction<String> words) {
        return switch (quantity) {
            case Quantity.Constant constant -> words.apply((double) constant.value());
            case Quantity.Uniform uniform ->
                words.apply((double) uniform.min()) + "–" + words.apply((double) uniform.max());
            case Quantity.Exponential exponential -> "~" + words.apply((double) exponential.meanValue());
        };
    }

    private static String nanos(long nanos) {
        return InWords.seconds(nanos / 1e9);
    }
}
