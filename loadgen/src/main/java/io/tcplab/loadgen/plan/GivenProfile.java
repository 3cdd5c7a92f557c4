package io.tcplab.loadgen.plan;

import static io.tcplab.loadgen.plan.Profile.UNLIMITED;

import io.tcplab.kernel.host.Endpoint;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A profile made of the keys that were given: with the defaults of the others, and with what must be true of several keys together. */
final class GivenProfile {

    private static final long DEFAULT_DURATION_NANOS = 10 * Measure.NANOS_PER_SECOND;

    /** HTTP/2 in ALPN (RFC 9113 §3.1). */
    private static final String HTTP_2 = "h2";

    private GivenProfile() {}

    /** Makes it; a profile that gives itself no name is called {@code defaultName}. */
    static Profile of(Given given, String defaultName) {
        Load load = given.of(ProfileKeys.LOAD);
        List<WeightedTarget> targets = orElse(given.find(ProfileKeys.TARGETS), List.<WeightedTarget>of());
        Endpoint target = TargetKeys.first(given, ProfileKeys.TARGET, targets);
        Protocol protocol = ProtocolKeys.ofProfile(given);
        ServerOptions server = orElse(given.find(ProfileKeys.SERVER), ServerOptions.DEFAULTS);
        List<MixMember> mix =
                new MixKeys(protocol, target != null || server.own() != null).read(given.require(ProfileKeys.MIX));
        checkExchanges(given, load, protocol, mix);
        long connections = orElse(given.find(ProfileKeys.CONNECTIONS), UNLIMITED);
        long durationNanos = durationNanos(given, load, connections);
        ClientOptions client = orElse(given.find(ProfileKeys.CLIENT), empty(ClientKeys.FORM));
        checkFastOpen(given, client, protocol, mix);
        TargetKeys.check(given, target, targets, mix);
        checkFamilies(given, client, target);
        targets.forEach(each -> checkFamilies(given, client, each.at()));
        mix.forEach(member -> checkFamilies(given, client, member.target()));
        refuseServer(given, target);
        SysctlKeys.Sides sysctls = orElse(given.find(ProfileKeys.SYSCTLS), SysctlKeys.NONE);
        given.find(ProfileKeys.TUNE);
        Shape<List<Threshold>> thresholds = new ListOf<>(
                new ThresholdShape(names(mix), steps(protocol, mix), TargetKeys.several(target, targets, mix)),
                0,
                ThresholdShape.MOST);
        Value written = given.place(ProfileKeys.THRESHOLDS.name());
        return new Profile(
                orElse(given.find(ProfileKeys.NAME), defaultName),
                orElse(given.find(ProfileKeys.DESCRIPTION), ""),
                target,
                targets,
                given.of(ProfileKeys.WARMUP),
                durationNanos,
                connections,
                given.find(ProfileKeys.SEED),
                LoadKeys.holdLastRate(load, durationNanos),
                mix,
                protocol,
                tls(given, protocol, mix),
                client,
                server,
                sysctls.client(),
                sysctls.server(),
                given.find(ProfileKeys.NETWORK),
                orElse(given.find(ProfileKeys.FAULTS), List.of()),
                actions(given, target == null && server.own() != null),
                orElse(given.find(ProfileKeys.OBSERVE), ProfileKeys.DEFAULT_OBSERVE_NANOS),
                written == null ? List.of() : thresholds.read(written));
    }

    private static List<Action> actions(Given given, boolean startsServer) {
        List<Action> actions = orElse(given.find(ProfileKeys.ACTIONS), List.<Action>of());
        for (Action action : actions) {
            if (action.deed().needsServer() && !startsServer) {
                throw given.near(ProfileKeys.ACTIONS)
                        .meaning("has \"" + action.deed().inWords()
                                + "\", which needs a server that the run starts: set server.command");
            }
        }
        List<Action> inTurn = actions.stream()
                .sorted(Comparator.comparingLong(Action::atNanos))
                .toList();
        checkChanges(given, inTurn);
        return inTurn;
    }

    /** A change of the network leaves what it does not name, also what other changes made of it: all must go together. */
    private static void checkChanges(Given given, List<Action> inTurn) {
        Network before = orElse(given.find(ProfileKeys.NETWORK), Network.PLAIN);
        List<Action> changes = inTurn.stream()
                .filter(action -> action.deed() instanceof Action.Change)
                .toList();
        changes.stream()
                .flatMap(action -> Stream.of(action.atNanos(), endNanos(action)))
                .distinct()
                .sorted()
                .forEach(nanos -> {
                    String impossible = networkAt(nanos, before, changes).impossibleBursts();
                    if (impossible != null) {
                        throw given.near(ProfileKeys.ACTIONS)
                                .meaning("from " + Measure.DURATION.format(nanos) + " on, " + impossible);
                    }
                });
    }

    private static Network networkAt(long nanos, Network before, List<Action> changes) {
        Network now = before;
        for (Action action : changes) {
            if (action.deed() instanceof Action.Change change
                    && action.atNanos() <= nanos
                    && nanos < endNanos(action)) {
                now = change.network().over(now);
            }
        }
        return now;
    }

    /** When a change is taken back. */
    private static long endNanos(Action action) {
        long nanos = action.deed() instanceof Action.Change change ? change.forNanos() : 0;
        return nanos == Action.Change.TO_THE_END ? Long.MAX_VALUE : action.atNanos() + nanos;
    }

    private static <T> T orElse(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }

    /** What a section gives in which nothing is given. */
    private static <R> R empty(Form<R> form) {
        return form.read(new Value("", new Node.Fields(Mark.whole(""), Map.of())));
    }

    private static @Nullable TlsOptions tls(Given given, Protocol protocol, List<MixMember> mix) {
        TlsOptions tls = given.find(ProfileKeys.TLS);
        boolean speaksHttp1 = spoken(protocol, mix).anyMatch(Protocol.Http.class::isInstance);
        if (tls != null && speaksHttp1 && tls.alpn().contains(HTTP_2)) {
            throw given.near(ProfileKeys.TLS)
                    .field(TlsKeys.ALPN.name())
                    .meaning(
                            "offers h2, and protocol http speaks HTTP/1: a server that chooses h2 does not understand its"
                                    + " requests; offer http/1.1");
        }
        return TlsKeys.OFF.equals(tls) ? null : tls;
    }

    /** Exchanges by the clock need a protocol that has some. */
    private static void checkExchanges(Given given, Load load, Protocol protocol, List<MixMember> mix) {
        if (load instanceof Load.Requests && spoken(protocol, mix).anyMatch(Protocol.None.class::isInstance)) {
            throw given.near(ProfileKeys.LOAD)
                    .meaning("requests starts exchanges, and protocol none has none; use another protocol, or hold");
        }
    }

    /** With fast open the kernel may keep the SYN until there is something to send (TCP_FASTOPEN_CONNECT, tcp(7)). */
    private static void checkFastOpen(Given given, ClientOptions client, Protocol protocol, List<MixMember> mix) {
        if (client.fastOpen() && !spoken(protocol, mix).allMatch(Protocol::speaksFirst)) {
            throw given.near(ProfileKeys.CLIENT)
                    .meaning(
                            "fastOpen sends the first request in the SYN, and a connection that begins without a request"
                                    + " may never send its SYN; remove fastOpen");
        }
    }

    /** What is spoken by each member of the mix. */
    private static Stream<Protocol> spoken(Protocol protocol, List<MixMember> mix) {
        return mix.stream().map(member -> member.protocol() == null ? protocol : member.protocol());
    }

    private static Set<String> steps(Protocol protocol, List<MixMember> mix) {
        return spoken(protocol, mix)
                .flatMap(each -> each.stepNames().stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static Set<String> names(List<MixMember> mix) {
        return mix.stream().map(MixMember::name).collect(Collectors.toUnmodifiableSet());
    }

    /** The duration as written; otherwise the length of steps or ramps, or none when connections end the run. */
    private static long durationNanos(Given given, Load load, long connections) {
        Long duration = given.find(ProfileKeys.DURATION);
        if (duration != null) {
            return duration;
        }
        long length = LoadKeys.lengthNanos(load);
        if (length == Long.MAX_VALUE) {
            return connections == UNLIMITED ? DEFAULT_DURATION_NANOS : UNLIMITED;
        }
        if (length > Measure.LONGEST_NANOS) {
            throw given.near(ProfileKeys.LOAD)
                    .meaning("lasts " + Measure.DURATION.format(length) + "; a run lasts at most 24h");
        }
        return length;
    }

    private static void checkFamilies(Given given, ClientOptions client, @Nullable Endpoint target) {
        InetAddress to = target == null ? null : SourceAddresses.literal(target.host());
        if (to != null
                && !client.sources().isEmpty()
                && client.sources().getFirst().getClass() != to.getClass()) {
            throw given.near(ProfileKeys.CLIENT).meaning("sources and target are of different address families");
        }
    }

    /**
     * Refuses settings of a companion beside a target, which has its own. Those of a file are kept where only an option names the target,
     * so that the same file serves for both.
     */
    private static void refuseServer(Given given, @Nullable Endpoint target) {
        Value server = given.place(ProfileKeys.SERVER.name());
        if (target == null || server == null) {
            return;
        }
        boolean targetByOption = given.near(ProfileKeys.TARGET).node().at().line() == 0;
        for (String key : server.fields().keySet()) {
            Value setting = server.field(key);
            if (!targetByOption || setting.node().at().line() == 0) {
                throw setting.meaning("has no effect with a target; remove it");
            }
        }
    }
}
