package io.tcplab.loadgen.judge.warning;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.ListenerFigures;
import io.tcplab.loadgen.watch.SideFigures;
import io.tcplab.loadgen.watch.SideSettings;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of the kernels, by a run or by an observer alone: enough to judge a server by.
 *
 * @param figures what each side's kernel counted
 * @param client what the client's side has set; absent where it was not read
 * @param server likewise
 * @param scope whose the counters are
 * @param explainedAborts closes with unread data of which it is known why: a request that met an idle close, a socket that was its own peer
 * @param resetsSeen how many of our connections the peer has reset, without those that it may have reset otherwise than by a close with
 *     unread data
 * @param ownAborts how many connections the generator may have closed with unread data: their response was not what was asked for
 */
public record Kernels(
        KernelFigures figures,
        @Nullable SideSettings client,
        @Nullable SideSettings server,
        Scope scope,
        long explainedAborts,
        long resetsSeen,
        long ownAborts) {

    private static final long SHORT_QUEUE = 16;

    /** Where the generator left nothing unread. */
    public Kernels(
            KernelFigures figures,
            @Nullable SideSettings client,
            @Nullable SideSettings server,
            Scope scope,
            long explainedAborts,
            long resetsSeen) {
        this(figures, client, server, scope, explainedAborts, resetsSeen, 0);
    }

    /** Whose a namespace's counters are. */
    public enum Scope {
        /** Each side has a namespace of its own. */
        APART,
        /** Both sides are one namespace: its counters are the same for both. */
        SHARED,
        /** Nobody knows what else the namespace does: an observer saw it. */
        ANYBODY
    }

    /** What an observer saw of a server's port; {@code side}: what is set in the namespace that it looked into. */
    public static Kernels observed(SideFigures server, SideSettings side) {
        return new Kernels(new KernelFigures(null, server), null, side, Scope.ANYBODY, 0, 0);
    }

    /** What was seen of a run that goes on; {@code shared} = both sides are one namespace. */
    public static Kernels soFar(KernelFigures figures, @Nullable SideSettings server, boolean shared) {
        return new Kernels(figures, null, server, shared ? Scope.SHARED : Scope.APART, 0, 0);
    }

    /** What a side's kernel counted; absent where it was not observed. */
    @Nullable
    SideFigures kernel(Side side) {
        return figures.of(side);
    }

    /** How far a counter moved on a side; 0 where it did not, or where the side was not observed. */
    long counter(Side side, KernelCounter counter) {
        SideFigures seen = kernel(side);
        return seen == null ? 0 : seen.counter(counter);
    }

    /** The target's listeners, the worst first; none where they were not seen. */
    List<ListenerFigures> listeners() {
        SideFigures seen = kernel(Side.SERVER);
        return seen == null ? List.of() : seen.listeners();
    }

    /**
     * Of so many SYNs and final ACKs that listeners of the namespace dropped with room in their accept queues, as many as the target's own
     * may have: its sockets count each of their drops (sk_drops), and up to two for an overflow. All where that is not known, or where one
     * of them has all overflows of the namespace: then no other listener dropped anything.
     */
    long ofTargets(long dropped) {
        long all = counter(Side.SERVER, KernelCounter.LISTEN_OVERFLOWS);
        long own = 0;
        for (ListenerFigures each : listeners()) {
            Long drops = each.drops();
            Long overflows = each.overflows();
            if (drops == null || overflows == null || (all > 0 && overflows == all)) {
                return dropped;
            }
            own += Math.max(0, drops - 2 * overflows);
        }
        return Math.min(dropped, own);
    }

    /**
     * SYNs and final ACKs that the target's listeners dropped, by the sockets themselves: the namespace's ListenDrops are those of other
     * ports too. Absent where one of them was not seen to the end.
     */
    @Nullable
    Long droppedByTargets() {
        SideFigures server = kernel(Side.SERVER);
        if (server == null || server.isPartial() || server.listeners().isEmpty()) {
            return null;
        }
        long sum = 0;
        for (ListenerFigures each : server.listeners()) {
            Long drops = each.drops();
            if (drops == null || !each.open()) {
                return null;
            }
            sum += drops;
        }
        return sum;
    }

    /** Most half-open connections of the target that were seen. */
    long halfOpenPeak() {
        SideFigures server = kernel(Side.SERVER);
        return server == null ? 0 : server.peakStates().getOrDefault("SYN_RECV", 0L);
    }

    /**
     * The shortest SYN queue of the target's listeners, which is as long as the accept queue may be; {@link Facts#UNKNOWN} where one is not
     * known.
     */
    long synQueueLimit() {
        return listeners().stream()
                .mapToLong(each -> each.limit() == null ? Facts.UNKNOWN : each.limit())
                .min()
                .orElse(Facts.UNKNOWN);
    }

    /**
     * Whether the SYN queue that was full may have been the target's: it is as long as the accept queue may be ({@code
     * inet_csk_reqsk_queue_is_full}, include/net/inet_connection_sock.h), and a namespace's counters do not say whose was full. Half as
     * many half-open connections are enough, and none for a short queue, as a look now and then misses the most.
     */
    boolean mayHaveFilledItsSynQueue() {
        return kernel(Side.SERVER) != null && SHORT_QUEUE + 2 * halfOpenPeak() >= synQueueLimit();
    }

    /** A sysctl as it was read on a side; {@link Facts#UNKNOWN} where it was not. */
    long sysctl(Side side, String key) {
        SideSettings settings = of(side);
        return settings == null ? Facts.UNKNOWN : number(settings.sysctls(), key);
    }

    /** A limit as it was read on a side; {@link Facts#UNKNOWN} where it was not. */
    long limit(Side side, String key) {
        SideSettings settings = of(side);
        return settings == null ? Facts.UNKNOWN : number(settings.limits(), key);
    }

    private @Nullable SideSettings of(Side side) {
        return switch (side) {
            case CLIENT -> client;
            case SERVER -> server;
        };
    }

    private static long number(Map<String, String> texts, String name) {
        String value = texts.getOrDefault(name, "");
        return value.matches("-?\\d{1,18}") ? Long.parseLong(value) : Facts.UNKNOWN;
    }
}
