package io.tcplab.loadgen.plan;

import static io.tcplab.loadgen.plan.Profile.UNLIMITED;

import io.tcplab.kernel.host.Endpoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The keys of a profile. */
final class ProfileKeys {

    static final long DEFAULT_OBSERVE_NANOS = Measure.NANOS_PER_SECOND / 10;
    private static final long SHORTEST_OBSERVE_NANOS = Measure.NANOS_PER_SECOND / 1_000;
    private static final long LONGEST_OBSERVE_NANOS = 3_600 * Measure.NANOS_PER_SECOND;
    private static final long MOST_CONNECTIONS = 1_000_000_000;
    private static final int MOST_FAULTS = 1_000;

    /** The mix and the thresholds as the schema and the page of keys show them: with the protocol that knows every key. */
    private static final MixKeys EVERY_MIX_KEY = new MixKeys(new Protocol.Tcplab(), true);

    static final Key<Profile, String> NAME = Key.optional(
            "name",
            Shapes.text(
                    Pattern.compile("[a-zA-Z0-9_-][a-zA-Z0-9._-]{0,63}"),
                    "a name of at most 64 letters, digits, ., _ and -"),
            Profile::name,
            "name of the run and of its results directory; defaults to the file's name");
    static final Key<Profile, String> DESCRIPTION = Key.optional(
            "description",
            Shapes.TEXT,
            profile -> profile.description().isEmpty() ? null : profile.description(),
            "free text");
    static final Key<Profile, Endpoint> TARGET = Key.optional(
            "target",
            new TargetShape(),
            profile -> profile.targets().isEmpty() ? profile.target() : null,
            "where the load goes; without it a companion, or server.command, is started for the run");
    static final Key<Profile, List<WeightedTarget>> TARGETS = Key.optional(
            "targets",
            TargetKeys.SHAPE,
            profile -> profile.targets().isEmpty() ? null : profile.targets(),
            "several targets in place of one; the target of each connection is drawn by weight");
    static final Key<Profile, Long> WARMUP = Key.of(
            "warmup",
            Shapes.nanos(0, Measure.LONGEST_NANOS),
            0L,
            Profile::warmupNanos,
            "time before the recorded part, in which load is sent but not recorded");
    static final Key<Profile, Long> DURATION = Key.optional(
            "duration",
            Shapes.nanos(1, Measure.LONGEST_NANOS),
            profile -> limited(profile.durationNanos()),
            "recorded time; 10s if neither duration, connections, steps nor ramp ends the run");
    static final Key<Profile, Long> CONNECTIONS = Key.optional(
            "connections",
            Shapes.count(1L, MOST_CONNECTIONS),
            profile -> limited(profile.connections()),
            "recorded connections; with a duration, whichever is reached first");
    static final Key<Profile, Long> SEED =
            Key.optional("seed", SignedShape.ANY, Profile::seed, "seed of all random choices, to repeat a run");
    static final Key<Profile, Load> LOAD = Key.required(
            "load",
            LoadKeys.SHAPE,
            Profile::load,
            "when connections start, such as {closed: {concurrency: 10}}; exactly one of open, closed, hold and requests");
    static final Key<Profile, List<MixMember>> MIX = Key.required(
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
    static final Key<Profile, TlsOptions> TLS = Key.optional(
            "tls",
            TlsKeys.SHAPE,
            Profile::tls,
            "TLS between connect and the first exchange; tls: true for all of its defaults");
    private static final Key<Profile, Script> SCRIPT = Key.optional(
            ProtocolKeys.SCRIPT,
            ScriptKeys.SHAPE,
            _ -> null,
            "steps of protocol script, in addition to protocol: script");
    static final Key<Profile, ClientOptions> CLIENT =
            Key.optional("client", ClientKeys.FORM, Profile::client, "the generator's own settings");
    static final Key<Profile, ServerOptions> SERVER = Key.optional(
            "server",
            ServerKeys.FORM,
            profile -> profile.target() == null ? profile.server() : null,
            "what is started if no target is given: a companion with these settings, or command, your own server");
    static final Key<Profile, SysctlKeys.Sides> SYSCTLS = Key.optional(
            "sysctls",
            SysctlKeys.FORM,
            profile -> SysctlKeys.given(profile.clientSysctls(), profile.serverSysctls()),
            "sysctls of each side; they require an isolated network: --isolate netns or docker");
    static final Key<Profile, Network> NETWORK = Key.optional(
            "network",
            NetworkKeys.FORM,
            Profile::network,
            "the emulated network between client and server: distance, loss, a rate; it requires an isolated network: --isolate netns");
    static final Key<Profile, List<Fault>> FAULTS = Key.optional(
            "faults",
            new ListOf<>(FaultKeys.FORM, 0, MOST_FAULTS),
            profile -> profile.faults().isEmpty() ? null : profile.faults(),
            "times at which the network fails on purpose; they require an isolated network: --isolate netns");
    static final Key<Profile, List<Action>> ACTIONS = Key.optional(
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
    static final Key<Profile, Long> OBSERVE = Key.optional(
            "observe",
            new Form<>(List.of(INTERVAL), given -> given.of(INTERVAL)),
            Profile::observeIntervalNanos,
            "how the kernel is observed during the run");
    static final Key<Profile, List<Threshold>> THRESHOLDS = Key.optional(
            "thresholds",
            new ListOf<>(new ThresholdShape(Set.of(), Set.of(), Set.of()), 0, ThresholdShape.MOST),
            profile -> profile.thresholds().isEmpty() ? null : profile.thresholds(),
            "limits that the result must meet; exit code 3 if one is not met");
    static final Key<Profile, TuneKeys> TUNE =
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
        return new Form<>(KEYS, given -> GivenProfile.of(given, defaultName));
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
}
