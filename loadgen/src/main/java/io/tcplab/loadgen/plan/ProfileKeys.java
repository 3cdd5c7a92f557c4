package io.tcplab.loadgen.plan;

import static io.tcplab.loadgen.plan.Profile.UNLIMITED;

import io.tcplab.kernel.host.Endpoint;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The keys of a profile. */
final class ProfileKeys {

    private static final long DEFAULT_DURATION_NANOS = 10 * Measure.NANOS_PER_SECOND;
    private static final long DEFAULT_OBSERVE_NANOS = Measure.NANOS_PER_SECOND / 10;
    private static final long SHORTEST_OBSERVE_NANOS = Measure.NANOS_PER_SECOND / 1_000;
    private static final long LONGEST_OBSERVE_NANOS = 3_600 * Measure.NANOS_PER_SECOND;
    private static final long MOST_CONNECTIONS = 1_000_000_000;
    private static final int MOST_FAULTS = 1_000;

    /** The mix and the thresholds as the schema and the page of keys show them: with the protocol that knows every key. */
    private static final MixKeys EVERY_MIX_KEY = new MixKeys(new Protocol.Tcplab(), true);

    private static final Key<Profile, String> NAME = Key.optional(
            "name",
            Shapes.text(
                    Pattern.compile("[a-zA-Z0-9_-][a-zA-Z0-9._-]{0,63}"),
                    "a name of at most 64 letters, digits, ., _ and -"),
            Profile::name,
            "name of the run and of its results directory; defaults to the file's name");
    private static final Key<Profile, String> DESCRIPTION = Key.optional(
            "description",
            Shapes.TEXT,
            profile -> profile.description().isEmpty() ? null : profile.description(),
            "free text");
    private static final Key<Profile, Endpoint> TARGET = Key.optional(
            "target",
            new TargetShape(),
            profile -> profile.targets().isEmpty() ? profile.target() : null,
            "where the load goes; without it a companion, or server.command, is started for the run");
    private static final Key<Profile, List<WeightedTarget>> TARGETS = Key.optional(
            "targets",
            TargetKeys.SHAPE,
            profile -> profile.targets().isEmpty() ? null : profile.targets(),
            "several targets in place of one; the target of each connection is drawn by weight");
    private static final Key<Profile, Long> WARMUP = Key.of(
            "warmup",
            Shapes.nanos(0, Measure.LONGEST_NANOS),
            0L,
            Profile::warmupNanos,
            "time before the recorded part, in which load is sent but not recorded");
    private static final Key<Profile, Long> DURATION = Key.optional(
            "duration",
            Shapes.nanos(1, Measure.LONGEST_NANOS),
            profile -> limited(profile.durationNanos()),
            "recorded time; 10s if neither duration, connections, steps nor ramp ends the run");
    private static final Key<Profile, Long> CONNECTIONS = Key.optional(
            "connections",
            Shapes.count(1L, MOST_CONNECTIONS),
            profile -> limited(profile.connections()),
            "recorded connections; with a duration, whichever is reached first");
    private static final Key<Profile, Long> SEED =
            Key.optional("seed", SignedShape.ANY, Profile::seed, "seed of all random choices, to repeat a run");
    private static final Key<Profile, Load> LOAD = Key.required(
            "load",
            LoadKeys.SHAPE,
            Profile::load,
            "when connections start, such as {closed: {concurrency: 10}}; exactly one of open, closed, hold and requests");
    private static final Key<Profile, List<MixMember>> MIX = Key.required(
            "mix",
            EVERY_MIX_KEY.shape(),
            Profile::mix,
            "the kinds of connections; the kind of each new connection is drawn by weight");
    private static final Key<Profile, Protocol> PROTOCOL = Key.of(
            ProtocolKeys.PROTOCOL,
            ProtocolKeys.SHAPE,
            new Protocol.Tcplab(),
            Profile::protocol,
            "the protocol spoken on a connection");
    private static final Key<Profile, Protocol.Http> HTTP = Key.optional(
            ProtocolKeys.HTTP, HttpKeys.FORM, _ -> null, "settings of protocol http, in addition to protocol: http");
    private static final Key<Profile, TlsOptions> TLS = Key.optional(
            "tls",
            TlsKeys.SHAPE,
            Profile::tls,
            "TLS between connect and the first exchange; tls: true for all of its defaults");
    private static final Key<Profile, Script> SCRIPT = Key.optional(
            ProtocolKeys.SCRIPT,
            ScriptKeys.SHAPE,
            _ -> null,
            "steps of protocol script, in addition to protocol: script");
    private static final Key<Profile, ClientOptions> CLIENT =
            Key.optional("client", ClientKeys.FORM, Profile::client, "the generator's own settings");
    private static final Key<Profile, ServerOptions> SERVER = Key.optional(
            "server",
            ServerKeys.FORM,
            profile -> profile.target() == null ? profile.server() : null,
            "what is started if no target is given: a companion with these settings, or command, your own server");
    private static final Key<Profile, SysctlKeys.Sides> SYSCTLS = Key.optional(
            "sysctls",
            SysctlKeys.FORM,
            profile -> SysctlKeys.given(profile.clientSysctls(), profile.serverSysctls()),
            "sysctls of each side; they require an isolated network: --isolate netns or docker");
    private static final Key<Profile, Network> NETWORK = Key.optional(
            "network",
            NetworkKeys.FORM,
            Profile::network,
            "the emulated network between client and server: distance, loss, a rate; it requires an isolated network: --isolate netns");
    private static final Key<Profile, List<Fault>> FAULTS = Key.optional(
            "faults",
            new ListOf<>(FaultKeys.FORM, 0, MOST_FAULTS),
            profile -> profile.faults().isEmpty() ? null : profile.faults(),
            "times at which the network fails on purpose; they require an isolated network: --isolate netns");
    private static final Key<Profile, List<Action>> ACTIONS = Key.optional(
            "actions",
            new ListOf<>(ActionKeys.FORM, 0, MOST_FAULTS),
            profile -> profile.actions().isEmpty() ? null : profile.actions(),
            "what is done during the load, such as a reload of the server; the connections that each costs are counted");
    private static final Key<Long, Long> INTERVAL = Key.of(
            "interval",
            Shapes.nanos(SHORTEST_OBSERVE_NANOS, LONGEST_OBSERVE_NANOS),
            DEFAULT_OBSERVE_NANOS,
            nanos -> nanos,
            "time between two observations of the kernel");
    private static final Key<Profile, Long> OBSERVE = Key.optional(
            "observe",
            new Form<>(List.of(INTERVAL), given -> given.of(INTERVAL)),
            Profile::observeIntervalNanos,
            "how the kernel is observed during the run");
    private static final Key<Profile, List<Threshold>> THRESHOLDS = Key.optional(
            "thresholds",
            new ListOf<>(new ThresholdShape(Set.of(), Set.of(), Set.of()), 0, ThresholdShape.MOST),
            profile -> profile.thresholds().isEmpty() ? null : profile.thresholds(),
            "limits that the result must meet; exit code 3 if one is not met");
    private static final Key<Profile, TuneKeys> TUNE =
            Key.optional("tune", TuneKeys.FORM, _ -> null, "the cells of tcplab tune; ignored by a plain run");

    static final List<Key<Profile, ?>> KEYS = List.of(
            NAME,
            DESCRIPTION,
            TARGET,
            TARGETS,
            WARMUP,
            DURATION,
            CONNECTIONS,
            SEED,
            LOAD,
            MIX,
            PROTOCOL,
            HTTP,
            TLS,
            SCRIPT,
            CLIENT,
            SERVER,
            SYSCTLS,
            NETWORK,
            FAULTS,
            ACTIONS,
            OBSERVE,
            THRESHOLDS,
            TUNE);

    private ProfileKeys() {}

    /** Returns the shape of a whole profile whose name, where it gives none, is {@code defaultName}. */
    static Form<Profile> form(String defaultName) {
        return new Form<>(KEYS, given -> profile(given, defaultName));
    }

    /** Returns a profile as YAML knows it: every default written out, and only what has an effect. */
    static Map<String, Object> write(Profile profile) {
        Map<String, Object> tree = new LinkedHashMap<>(form(profile.name()).write(profile));
        tree.put(MIX.name(), new MixKeys(profile.protocol(), true).shape().write(profile.mix()));
        return tree;
    }

    private static @Nullable Long limited(long value) {
        return value == UNLIMITED ? null : value;
    }

    private static Profile profile(Given given, String defaultName) {
        Load load = given.of(LOAD);
        List<WeightedTarget> targets = orElse(given.find(TARGETS), List.<WeightedTarget>of());
        Endpoint target = TargetKeys.first(given, TARGET, targets);
        Protocol protocol = ProtocolKeys.ofProfile(given);
        ServerOptions server = orElse(given.find(SERVER), ServerOptions.DEFAULTS);
        List<MixMember> mix = new MixKeys(protocol, target != null || server.own() != null).read(given.require(MIX));
        long connections = orElse(given.find(CONNECTIONS), UNLIMITED);
        long durationNanos = durationNanos(given, load, connections);
        ClientOptions client = orElse(given.find(CLIENT), empty(ClientKeys.FORM));
        TargetKeys.check(given, target, targets, mix);
        checkFamilies(given, client, target);
        targets.forEach(each -> checkFamilies(given, client, each.at()));
        mix.forEach(member -> checkFamilies(given, client, member.target()));
        refuseServer(given, target);
        SysctlKeys.Sides sysctls = orElse(given.find(SYSCTLS), SysctlKeys.NONE);
        given.find(TUNE);
        Shape<List<Threshold>> thresholds = new ListOf<>(
                new ThresholdShape(names(mix), steps(protocol, mix), TargetKeys.several(target, targets, mix)),
                0,
                ThresholdShape.MOST);
        Value written = given.place(THRESHOLDS.name());
        return new Profile(
                orElse(given.find(NAME), defaultName),
                orElse(given.find(DESCRIPTION), ""),
                target,
                targets,
                given.of(WARMUP),
                durationNanos,
                connections,
                given.find(SEED),
                LoadKeys.holdLastRate(load, durationNanos),
                mix,
                protocol,
                tls(given),
                client,
                server,
                sysctls.client(),
                sysctls.server(),
                given.find(NETWORK),
                orElse(given.find(FAULTS), List.of()),
                actions(given, target == null && server.own() != null),
                orElse(given.find(OBSERVE), DEFAULT_OBSERVE_NANOS),
                written == null ? List.of() : thresholds.read(written));
    }

    private static List<Action> actions(Given given, boolean startsServer) {
        List<Action> actions = orElse(given.find(ACTIONS), List.<Action>of());
        for (Action action : actions) {
            if (action.deed().needsServer() && !startsServer) {
                throw given.near(ACTIONS)
                        .meaning("has \"" + action.deed().inWords()
                                + "\", which needs a server that the run starts: set server.command");
            }
        }
        return actions.stream()
                .sorted(Comparator.comparingLong(Action::atNanos))
                .toList();
    }

    private static <T> T orElse(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }

    /** What a section gives in which nothing is given. */
    private static <R> R empty(Form<R> form) {
        return form.read(new Value("", new Node.Fields(Mark.whole(""), Map.of())));
    }

    private static @Nullable TlsOptions tls(Given given) {
        TlsOptions tls = given.find(TLS);
        return TlsKeys.OFF.equals(tls) ? null : tls;
    }

    private static Set<String> steps(Protocol protocol, List<MixMember> mix) {
        return mix.stream()
                .map(member -> member.protocol() == null ? protocol : member.protocol())
                .flatMap(spoken -> spoken.stepNames().stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static Set<String> names(List<MixMember> mix) {
        return mix.stream().map(MixMember::name).collect(Collectors.toUnmodifiableSet());
    }

    /** The duration as written; otherwise the length of steps or ramps, or none when connections end the run. */
    private static long durationNanos(Given given, Load load, long connections) {
        Long duration = given.find(DURATION);
        if (duration != null) {
            return duration;
        }
        long length = LoadKeys.lengthNanos(load);
        if (length == Long.MAX_VALUE) {
            return connections == UNLIMITED ? DEFAULT_DURATION_NANOS : UNLIMITED;
        }
        if (length > Measure.LONGEST_NANOS) {
            throw given.near(LOAD).meaning("lasts " + Measure.DURATION.format(length) + "; a run lasts at most 24h");
        }
        return length;
    }

    private static void checkFamilies(Given given, ClientOptions client, @Nullable Endpoint target) {
        InetAddress to = target == null ? null : SourceAddresses.literal(target.host());
        if (to != null
                && !client.sources().isEmpty()
                && client.sources().getFirst().getClass() != to.getClass()) {
            throw given.near(CLIENT).meaning("sources and target are of different address families");
        }
    }

    /**
     * Refuses settings of a companion beside a target, which has its own. Those of a file are kept where only an option names the target,
     * so that the same file serves for both.
     */
    private static void refuseServer(Given given, @Nullable Endpoint target) {
        Value server = given.place(SERVER.name());
        if (target == null || server == null) {
            return;
        }
        boolean targetByOption = given.near(TARGET).node().at().line() == 0;
        for (String key : server.fields().keySet()) {
            Value setting = server.field(key);
            if (!targetByOption || setting.node().at().line() == 0) {
                throw setting.meaning("has no effect with a target; remove it");
            }
        }
    }
}
