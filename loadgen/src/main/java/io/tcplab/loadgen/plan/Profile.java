package io.tcplab.loadgen.plan;

import io.tcplab.kernel.host.Endpoint;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A load profile with every default filled in and everything validated: what a run does, completely.
 *
 * @param name names the run and its results directory
 * @param description free text, may be empty
 * @param target where the load goes, of several targets the first; absent = a server is started
 * @param targets the targets of members that name none of their own; empty = {@code target} alone
 * @param warmupNanos run but not recorded, 0 = none
 * @param durationNanos recorded time after the warm-up; {@link #UNLIMITED} = until {@code connections} have ended
 * @param connections recorded connections to start; {@link #UNLIMITED} = until {@code durationNanos} is over
 * @param seed of every random choice; absent = a fresh one, which the result tells
 * @param load when connections start
 * @param mix what kinds there are, at least one
 * @param protocol what is spoken by members that have no protocol of their own
 * @param tls how connections are secured; absent = not
 * @param client the generator's settings
 * @param server what is started where there is no target
 * @param clientSysctls applied on the client's side, only with isolation
 * @param serverSysctls applied on the server's side, only with isolation
 * @param network what lies between client and server, only with isolation; absent = a veth pair
 * @param faults when the network fails on purpose, only with isolation
 * @param actions what is done during the load, in the order of time
 * @param observeIntervalNanos time between observations of the kernel, both sides
 * @param thresholds limits that the result must keep
 */
public record Profile(
        String name,
        String description,
        @Nullable Endpoint target,
        List<WeightedTarget> targets,
        long warmupNanos,
        long durationNanos,
        long connections,
        @Nullable Long seed,
        Load load,
        List<MixMember> mix,
        Protocol protocol,
        @Nullable TlsOptions tls,
        ClientOptions client,
        ServerOptions server,
        Map<String, String> clientSysctls,
        Map<String, String> serverSysctls,
        @Nullable Network network,
        List<Fault> faults,
        List<Action> actions,
        long observeIntervalNanos,
        List<Threshold> thresholds) {

    public static final long UNLIMITED = Long.MAX_VALUE;

    public Profile {
        targets = List.copyOf(targets);
        mix = List.copyOf(mix);
        faults = List.copyOf(faults);
        actions = List.copyOf(actions);
        thresholds = List.copyOf(thresholds);
    }

    /** What this member speaks. */
    public Protocol protocolOf(MixMember member) {
        Protocol own = member.protocol();
        return own == null ? protocol : own;
    }

    /** The targets that the load goes to, each once; empty = a server is started. */
    public List<Endpoint> askedTargets() {
        return Route.targets(this);
    }

    /** How its connections are divided among members of the mix and targets. */
    public List<Route> routes() {
        return Route.of(this);
    }

    /** Whether the profile speaks of targets by itself, and not of one {@code target}. */
    public boolean namesSeveralTargets() {
        return !targets.isEmpty() || mix.stream().anyMatch(member -> member.target() != null);
    }

    /** Whether a run starts a companion, whose settings are then known. */
    public boolean startsCompanion() {
        return target == null && server.own() == null;
    }

    /** The server of the user's that a run starts; absent = it starts none, or a companion. */
    public @Nullable OwnServer ownServer() {
        return target == null ? server.own() : null;
    }

    /** Whether the run needs a cable of its own in place of a veth pair. */
    public boolean needsCable() {
        return network != null || !faults.isEmpty() || changesNetwork();
    }

    /** Whether an action changes the network. */
    public boolean changesNetwork() {
        return actions.stream().anyMatch(action -> action.deed() instanceof Action.Change);
    }

    /** What lies between client and server, whether or not it was asked for. */
    public Network path() {
        return network == null ? Network.PLAIN : network;
    }

    /** Whether segments may be lost, overtaken or doubled on purpose at any time of the run. */
    public boolean harmsSegments() {
        return !faults.isEmpty()
                || path().harmsSegments()
                || actions.stream()
                        .anyMatch(action -> action.deed() instanceof Action.Change change
                                && change.network().over(path()).harmsSegments());
    }

    /** The names of all steps that have latencies of their own. */
    public List<String> stepNames() {
        return mix.stream()
                .flatMap(member -> protocolOf(member).stepNames().stream())
                .distinct()
                .toList();
    }

    /** The same profile with its random choices fixed. */
    public Profile withSeed(long fixed) {
        return but(copy -> copy.seed = fixed);
    }

    /**
     * What generator {@code number} of {@code of} does, so that all together do what this profile says: an even share of the
     * connections, slots or rate, and random choices of its own. The seed must be set, and no share be empty.
     */
    public Profile share(int number, int of) {
        long whole = Objects.requireNonNull(seed);
        return part(new Share(number, of)).withSeed(whole + number);
    }

    /** As {@link #share}, with the seed of the whole. */
    Profile part(Share share) {
        return but(copy -> {
            copy.connections = connections == UNLIMITED ? UNLIMITED : part(connections, share.number(), share.of());
            copy.load = load.share(share.number(), share.of());
        });
    }

    static long part(long whole, int number, int of) {
        return whole / of + (number < whole % of ? 1 : 0);
    }

    /** The same profile without sysctls: somebody else sets them. */
    public Profile withoutSysctls() {
        return but(copy -> {
            copy.clientSysctls = Map.of();
            copy.serverSysctls = Map.of();
        });
    }

    /** The same profile with other source addresses. */
    public Profile withSources(List<InetAddress> sources) {
        return but(copy -> copy.client = client.withSources(sources));
    }

    /** The same profile for a server that somebody else starts. */
    public Profile withoutServer() {
        return but(copy -> copy.server = ServerOptions.DEFAULTS);
    }

    /** The same profile with other actions. */
    public Profile withActions(List<Action> otherActions) {
        return but(copy -> copy.actions = otherActions);
    }

    /** The same profile over a cable that does nothing where it would run over a veth pair, which costs much less CPU time. */
    public Profile overCable() {
        return needsCable() ? this : but(copy -> copy.network = Network.PLAIN);
    }

    /** The same profile with these kinds of connections alone. */
    public Profile withMix(List<MixMember> members) {
        return but(copy -> copy.mix = members);
    }

    /** The same profile for another time. */
    public Profile lasting(long otherWarmupNanos, long otherDurationNanos) {
        return but(copy -> {
            copy.warmupNanos = otherWarmupNanos;
            copy.durationNanos = otherDurationNanos;
        });
    }

    /** The same profile without limits that its result must keep. */
    public Profile withoutThresholds() {
        return but(copy -> copy.thresholds = List.of());
    }

    private Profile but(Consumer<ProfileCopy> change) {
        ProfileCopy copy = new ProfileCopy(this);
        change.accept(copy);
        return copy.made();
    }
}
