package io.tcplab.loadgen.plan;

import io.tcplab.companion.protocol.CloseStyle;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.plan.Load.RateSegment;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes a profile as YAML from which {@link ProfileReader} reads an equal one: every default written out. */
public final class ProfileWriter {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z/][A-Za-z0-9 ._/-]*(?<! )");
    private static final List<String> NOT_PLAIN = List.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final StringBuilder yaml = new StringBuilder();
    private final Profile profile;

    private ProfileWriter(Profile profile) {
        this.profile = profile;
    }

    /** Returns the YAML text, ending with a line feed. */
    public static String write(Profile profile) {
        return new ProfileWriter(profile).write();
    }

    private String write() {
        line("name", text(profile.name()));
        if (!profile.description().isEmpty()) {
            line("description", text(profile.description()));
        }
        Endpoint target = profile.target();
        if (target != null) {
            line("target", quoted(target.toString()));
        }
        line("warmup", Measure.DURATION.format(profile.warmupNanos()));
        if (profile.durationNanos() != Profile.UNLIMITED) {
            line("duration", Measure.DURATION.format(profile.durationNanos()));
        }
        if (profile.connections() != Profile.UNLIMITED) {
            line("connections", String.valueOf(profile.connections()));
        }
        if (profile.seed() != null) {
            line("seed", String.valueOf(profile.seed()));
        }
        load();
        mix();
        line("protocol", protocol(profile.protocol()));
        client(profile.client());
        server(profile.server());
        sysctls();
        faults();
        line("observe", "{interval: " + Measure.DURATION.format(profile.observeIntervalNanos()) + "}");
        thresholds();
        return yaml.toString();
    }

    private void line(String key, String value) {
        yaml.append(key).append(": ").append(value).append('\n');
    }

    private void load() {
        switch (profile.load()) {
            case Load.Open open -> open(open);
            case Load.Closed closed -> line("load", "{closed: {concurrency: " + closed.concurrency() + "}}");
            case Load.Hold hold ->
                line(
                        "load",
                        "{hold: {connections: " + hold.connections() + ", ramp: "
                                + Measure.DURATION.format(hold.rampNanos()) + "}}");
        }
    }

    /** A last segment without end is the reader's addition to steps or ramps that are over before the run. */
    private void open(Load.Open open) {
        String arrivals = Words.spell(open.arrivals());
        List<RateSegment> segments = open.segments();
        boolean endless = segments.getLast().lengthNanos() == Long.MAX_VALUE;
        if (endless && segments.size() == 1) {
            String rate = Measure.formatRate(segments.getFirst().toPerSecond());
            line("load", "{open: {rate: " + rate + ", arrivals: " + arrivals + "}}");
            return;
        }
        boolean steps = segments.stream().allMatch(s -> s.fromPerSecond() == s.toPerSecond());
        yaml.append("load:\n  open:\n    arrivals: ").append(arrivals);
        yaml.append(steps ? "\n    steps:\n" : "\n    ramp:\n");
        for (RateSegment segment : endless ? segments.subList(0, segments.size() - 1) : segments) {
            yaml.append("      - {rate: ")
                    .append(Measure.formatRate(segment.toPerSecond()))
                    .append(", for: ")
                    .append(Measure.DURATION.format(segment.lengthNanos()))
                    .append("}\n");
        }
    }

    private void mix() {
        yaml.append("mix:\n");
        for (MixMember member : profile.mix()) {
            item("  - name", text(member.name()));
            item("    weight", Measure.formatNumber(member.weight()));
            switch (profile.protocol()) {
                case Protocol.Tcplab _ -> {
                    exchanges(member);
                    item("    request", quantity(Measure.SIZE, member.requestBytes()));
                    item("    response", quantity(Measure.SIZE, member.responseBytes()));
                }
                case Protocol.Echo _ -> {
                    exchanges(member);
                    item("    request", quantity(Measure.SIZE, member.requestBytes()));
                }
                case Protocol.Http _ -> exchanges(member);
                case Protocol.None _ -> {}
            }
            item("    close", close(member.close()));
        }
    }

    private void item(String key, String value) {
        line(key, value);
    }

    private void exchanges(MixMember member) {
        item("    exchanges", quantity(Measure.COUNT, member.exchanges()));
        item("    think", quantity(Measure.DURATION, member.thinkNanos()));
        Quantity lifetime = member.lifetimeNanos();
        if (lifetime != null) {
            item("    lifetime", quantity(Measure.DURATION, lifetime));
        }
    }

    private static String quantity(Measure measure, Quantity quantity) {
        return switch (quantity) {
            case Quantity.Constant constant -> measure.format(constant.value());
            case Quantity.Uniform uniform -> measure.format(uniform.min()) + "-" + measure.format(uniform.max());
            case Quantity.Exponential exponential -> "{exponential: " + measure.format(exponential.meanValue()) + "}";
        };
    }

    private static String close(Close close) {
        String how =
                close.how() == CloseStyle.LINGER ? "linger " + close.lingerSeconds() + "s" : Words.spell(close.how());
        return "{by: " + Words.spell(close.by()) + ", how: " + how + (close.awaitPeer() ? "" : ", awaitPeer: false")
                + "}";
    }

    private static String protocol(Protocol protocol) {
        return switch (protocol) {
            case Protocol.Tcplab _, Protocol.Echo _, Protocol.None _ -> ProtocolReader.word(protocol);
            case Protocol.Http http ->
                "{http: {method: " + http.method() + ", path: " + quoted(http.path()) + ", headers: "
                        + map(http.headers()) + "}}";
        };
    }

    private void client(ClientOptions client) {
        yaml.append("client:\n");
        if (!client.sources().isEmpty()) {
            item("  sources", "[" + String.join(", ", sources(client.sources())) + "]");
        }
        item("  bindAddressNoPort", String.valueOf(client.bindAddressNoPort()));
        item("  eventLoops", String.valueOf(client.eventLoops()));
        item("  pinCpu", String.valueOf(client.pinCpu()));
        item("  transport", Words.spell(client.transport()));
        item("  optimistic", String.valueOf(client.optimistic()));
        item("  nodelay", String.valueOf(client.nodelay()));
        item("  sendBuffer", Measure.SIZE.format(client.sendBufferBytes()));
        item("  receiveBuffer", Measure.SIZE.format(client.receiveBufferBytes()));
        item("  connectTimeout", Measure.DURATION.format(client.connectTimeoutNanos()));
        item("  exchangeTimeout", Measure.DURATION.format(client.exchangeTimeoutNanos()));
        item("  closeTimeout", Measure.DURATION.format(client.closeTimeoutNanos()));
        item("  userTimeout", Measure.DURATION.format(client.userTimeoutMillis() * NANOS_PER_MILLI));
        item("  fastOpen", String.valueOf(client.fastOpen()));
        keepaliveProbe(client.keepaliveProbe());
    }

    private void keepaliveProbe(ClientOptions.@Nullable KeepaliveProbe probe) {
        if (probe != null) {
            List<String> values = new ArrayList<>();
            if (probe.idleSeconds() > 0) {
                values.add("idle: " + probe.idleSeconds() + "s");
            }
            if (probe.intervalSeconds() > 0) {
                values.add("interval: " + probe.intervalSeconds() + "s");
            }
            if (probe.count() > 0) {
                values.add("count: " + probe.count());
            }
            item("  keepaliveProbe", "{" + String.join(", ", values) + "}");
        }
    }

    /** Consecutive addresses become ranges. */
    private static List<String> sources(List<InetAddress> sources) {
        List<String> ranges = new ArrayList<>();
        int first = 0;
        for (int next = 1; next <= sources.size(); next++) {
            boolean consecutive = next < sources.size() && follows(sources.get(next - 1), sources.get(next));
            if (!consecutive) {
                String from = sources.get(first).getHostAddress();
                ranges.add(quoted(
                        first == next - 1
                                ? from
                                : from + "-" + sources.get(next - 1).getHostAddress()));
                first = next;
            }
        }
        return ranges;
    }

    private static boolean follows(InetAddress before, InetAddress after) {
        boolean scoped = before.getHostAddress().indexOf('%') >= 0
                || after.getHostAddress().indexOf('%') >= 0;
        return !scoped && SourceAddresses.number(before).add(BigInteger.ONE).equals(SourceAddresses.number(after));
    }

    private void server(ServerOptions server) {
        yaml.append("server:\n");
        item("  backlog", String.valueOf(server.backlog()));
        item("  acceptDelay", Measure.DURATION.format(server.acceptDelayNanos()));
        item("  acceptPaused", String.valueOf(server.acceptPaused()));
        item("  eventLoops", String.valueOf(server.eventLoops()));
        item("  nodelay", String.valueOf(server.nodelay()));
        item("  receiveBuffer", Measure.SIZE.format(server.receiveBufferBytes()));
        item("  sendBuffer", Measure.SIZE.format(server.sendBufferBytes()));
        item("  deferAccept", server.deferAcceptSeconds() + "s");
        item("  fastOpen", String.valueOf(server.fastOpenQueue()));
    }

    private void sysctls() {
        if (!profile.clientSysctls().isEmpty() || !profile.serverSysctls().isEmpty()) {
            yaml.append("sysctls:\n");
            item("  client", map(profile.clientSysctls()));
            item("  server", map(profile.serverSysctls()));
        }
    }

    private void faults() {
        if (!profile.faults().isEmpty()) {
            yaml.append("faults:\n");
            for (Fault fault : profile.faults()) {
                yaml.append("  - {drop: ")
                        .append(Words.spell(fault.drop()))
                        .append(", from: ")
                        .append(Measure.DURATION.format(fault.fromNanos()))
                        .append(
                                fault.untilNanos() == Fault.NEVER
                                        ? ""
                                        : ", until: " + Measure.DURATION.format(fault.untilNanos()))
                        .append("}\n");
            }
        }
    }

    private void thresholds() {
        if (!profile.thresholds().isEmpty()) {
            yaml.append("thresholds:\n");
            for (Threshold threshold : profile.thresholds()) {
                yaml.append("  - ").append(quoted(threshold.expression())).append('\n');
            }
        }
    }

    private static String map(Map<String, String> map) {
        return map.entrySet().stream()
                .map(e -> quoted(e.getKey()) + ": " + quoted(e.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    /** Without quotation marks where no YAML reader could take the text for something else. */
    private static String text(String text) {
        return PLAIN.matcher(text).matches() && !NOT_PLAIN.contains(text) ? text : quoted(text);
    }

    /** A double-quoted YAML scalar, which may hold any character (YAML 1.2 §5.7). */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f || c > '~') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
