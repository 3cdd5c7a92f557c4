package io.tcplab.loadgen.merge;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.result.Environment;
import io.tcplab.loadgen.result.FinishedRun;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.ListenerFigures;
import io.tcplab.loadgen.watch.ServerProcess;
import io.tcplab.loadgen.watch.SideFigures;
import io.tcplab.loadgen.watch.SideSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Puts the kernels' figures of several shards together. Shards that looked at the same network namespace saw the same counters: of those
 * the greater figure stands; sockets of different ports are added. Figures of different namespaces are added, peaks too, which
 * makes them an upper bound; accept queues are different queues and the fullest stands. A namespace that is not known counts as
 * the same for all.
 */
final class KernelMerge {

    /** A namespace that a shard does not know. */
    static final String UNKNOWN = "unknown";

    private final List<FinishedRun> shards;

    KernelMerge(List<FinishedRun> shards) {
        this.shards = shards;
    }

    KernelFigures figures() {
        return new KernelFigures(side(Side.CLIENT), side(Side.SERVER));
    }

    /** Names the namespace that a shard's side lives in. */
    static String namespace(FinishedRun shard, Side side) {
        Environment environment = shard.environment();
        SideSettings found = environment == null ? null : environment.of(side);
        String name = found == null ? null : found.namespace();
        return name == null ? UNKNOWN : name;
    }

    private @Nullable SideFigures side(Side side) {
        Map<String, SideFigures> byNamespace = new LinkedHashMap<>();
        for (FinishedRun shard : shards) {
            SideFigures seen = shard.summary().kernel().of(side);
            if (seen != null) {
                byNamespace.merge(namespace(shard, side), seen, (one, other) -> combined(one, other, Math::max));
            }
        }
        return byNamespace.values().stream()
                .reduce((one, other) -> combined(one, other, Long::sum))
                .orElse(null);
    }

    private static SideFigures combined(SideFigures one, SideFigures other, BinaryOperator<Long> how) {
        boolean samePort = Objects.equals(one.port(), other.port());
        // Sockets are those of the observed port: two ports have none in common.
        BinaryOperator<Long> ofSockets = samePort ? how : Long::sum;
        return new SideFigures(
                combined(one.counters(), other.counters(), how),
                combined(one.peakStates(), other.peakStates(), ofSockets),
                combined(one.statesBefore(), other.statesBefore(), ofSockets),
                one.finalStates() == null || other.finalStates() == null
                        ? null
                        : combined(one.finalStates(), other.finalStates(), ofSockets),
                KernelFigures.AcceptQueue.fuller(one.acceptQueue(), other.acceptQueue()),
                ListenerFigures.together(one.listeners(), other.listeners()),
                new KernelFigures.TimeWait(
                        ofSockets.apply(one.timeWait().peak(), other.timeWait().peak()),
                        one.timeWait().last() == null || other.timeWait().last() == null
                                ? null
                                : ofSockets.apply(
                                        one.timeWait().last(), other.timeWait().last())),
                samePort ? one.port() : null,
                earliest(one.partialFromSecond(), other.partialFromSecond()),
                one.shared() || other.shared(),
                KernelFigures.Stretch.longer(one.unobserved(), other.unobserved()));
    }

    private static @Nullable Double earliest(@Nullable Double one, @Nullable Double other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return Math.min(one, other);
    }

    private static Map<String, Long> combined(
            Map<String, Long> one, Map<String, Long> other, BinaryOperator<Long> how) {
        Map<String, Long> all = new LinkedHashMap<>(one);
        other.forEach((name, count) -> all.merge(name, count, how));
        return all;
    }

    /** The companions' processes: those in one namespace are one companion. */
    @Nullable
    ServerProcess serverProcess() {
        Map<String, List<ServerProcess>> byNamespace = new LinkedHashMap<>();
        for (FinishedRun shard : shards) {
            ServerProcess process = shard.summary().server();
            if (process != null) {
                byNamespace
                        .computeIfAbsent(namespace(shard, Side.SERVER), _ -> new ArrayList<>())
                        .add(process);
            }
        }
        return byNamespace.values().stream()
                .flatMap(same -> same.stream().reduce(KernelMerge::samePeer).stream())
                .reduce((one, other) -> new ServerProcess(
                        one.cpuSeconds() + other.cpuSeconds(), combined(one.counts(), other.counts(), Long::sum)))
                .orElse(null);
    }

    private static ServerProcess samePeer(ServerProcess one, ServerProcess other) {
        return new ServerProcess(
                Math.max(one.cpuSeconds(), other.cpuSeconds()), combined(one.counts(), other.counts(), Math::max));
    }
}
