package io.tcplab.loadgen.judge.warning;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.plan.Load;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.CauseTally;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.record.Measurement;
import io.tcplab.loadgen.result.Environment;
import io.tcplab.loadgen.result.Head;
import io.tcplab.loadgen.result.Measured;
import io.tcplab.loadgen.result.NetworkFigures;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.watch.PortBudget;
import io.tcplab.loadgen.watch.SideFigures;
import java.net.InetAddress;
import java.util.EnumSet;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of a run when its result is judged.
 *
 * @param profile what was asked for
 * @param measured what the generator recorded
 * @param summary the same beside what the kernels counted, as it will be written
 * @param environment where it took place
 * @param mishaps what befell the run itself
 * @param connectOverhead what connect(2) itself takes here, in microseconds beyond the handshake: measured when it is asked for
 */
public record Facts(
        Profile profile,
        Measurement measured,
        Summary summary,
        Environment environment,
        Mishaps mishaps,
        Supplier<OptionalDouble> connectOverhead) {

    public Facts {
        connectOverhead = once(connectOverhead);
    }

    /** Several warnings ask, and each answer takes time. */
    private static Supplier<OptionalDouble> once(Supplier<OptionalDouble> measure) {
        AtomicReference<@Nullable OptionalDouble> known = new AtomicReference<>();
        return () -> {
            OptionalDouble answer = known.get();
            if (answer == null) {
                answer = measure.get();
                known.set(answer);
            }
            return answer;
        };
    }

    /** A figure that was not seen. */
    static final long UNKNOWN = -1;

    /** What makes a kernel reset a connection that is closed with unread data, and nobody's application is to blame for. */
    private static final Set<Incident> EXPLAINED =
            EnumSet.of(Incident.LOST_TO_IDLE_CLOSE, Incident.CONNECTED_TO_ITSELF);

    /** What has the generator end a connection on which more may have come than it has read. */
    private static final Set<Incident> LEFT_UNREAD = EnumSet.of(
            Incident.NOT_WHAT_WAS_ASKED,
            Incident.ANSWERED_IN_PART,
            Incident.NOT_TLS,
            Incident.TLS_BROKEN,
            Incident.CERTIFICATE_REFUSED);

    /** What a connection of ours shows of an RST of its peer's. */
    private static final Set<Incident> PEERS_RESETS = EnumSet.of(
            Incident.RESET_ON_ACCEPT,
            Incident.RESET_WHILE_IDLE,
            Incident.RESET_WHILE_SENDING,
            Incident.RESET_BEFORE_RESPONSE,
            Incident.RESET_IN_RESPONSE,
            Incident.RESET_AFTER_HALF_CLOSE,
            Incident.RESET_AFTER_RESPONSE);

    /**
     * What befell the run itself.
     *
     * @param stalledNanos how long the generator did not run, in all
     * @param longestStallNanos how long at most at a stretch
     * @param packetsDropped incoming packets that this machine dropped while the run recorded, of whatever program
     * @param companionLost whether our companion ended during the run
     * @param endedInWarmup whether the run was interrupted before its recorded part began
     * @param fault of a part that the load can do without; absent = none
     */
    public record Mishaps(
            long stalledNanos,
            long longestStallNanos,
            long packetsDropped,
            boolean companionLost,
            boolean endedInWarmup,
            @Nullable RuntimeException fault) {
        public static final Mishaps NONE = new Mishaps(0, 0, 0, false, false, null);
    }

    /** Whether the run could have had namespaces of its own: its server was started for it. */
    boolean isIsolable() {
        return profile.target() == null;
    }

    boolean isOpenLoop() {
        return profile.load() instanceof Load.Open;
    }

    /** Whether the load ended by its number of connections: then the time until the last of them ended is none in which more were due. */
    boolean allWereStarted() {
        return measured.withinTime().started() >= profile.connections();
    }

    long count(ConnectionOutcome outcome) {
        return summary.outcomes().count(outcome);
    }

    /** How many connections ended for this reason. */
    long count(Incident reason) {
        return measured.causes().stream()
                .filter(cause -> cause.cause().incident() == reason)
                .mapToLong(CauseTally.Counted::count)
                .sum();
    }

    /** What was seen of the kernels. */
    Kernels kernels() {
        boolean shared = environment.sidesShareOneNamespace();
        return new Kernels(
                summary.kernel(),
                environment.client(),
                environment.server(),
                shared ? Kernels.Scope.SHARED : Kernels.Scope.APART,
                explainedAborts(),
                Math.max(0, PEERS_RESETS.stream().mapToLong(this::count).sum() - otherResets()),
                LEFT_UNREAD.stream().mapToLong(this::count).sum());
    }

    /** Those that were no close with unread data: SO_LINGER 0, and data that came after a close, which were not our own plan. */
    private long otherResets() {
        SideFigures server = summary.kernel().server();
        long planned = measured.total().aborts() + measured.warmupTotal().aborts();
        return server == null ? 0 : Math.max(0, server.counter(KernelCounter.ABORTS_ON_DATA) - planned);
    }

    private long explainedAborts() {
        return summary.causes().stream()
                .filter(cause -> EXPLAINED.contains(Incident.ofText(cause.cause())))
                .mapToLong(Measured.Cause::count)
                .sum();
    }

    /** What a side's kernel counted; absent where it was not observed. */
    @Nullable
    SideFigures kernel(Side side) {
        return kernels().kernel(side);
    }

    /**
     * For how long a TIME_WAIT keeps its port from a new connection to the target ({@code tcp_twsk_unique}, net/ipv4/tcp_ipv4.c): it can be
     * reused only where its connection had TCP timestamps.
     */
    PortBudget.Reuse reuse() {
        long rule = sysctl(Side.CLIENT, "net.ipv4.tcp_tw_reuse");
        long delayMillis = sysctl(Side.CLIENT, "net.ipv4.tcp_tw_reuse_delay");
        boolean timestamps = Stream.of(Side.values()).allMatch(side -> sysctl(side, "net.ipv4.tcp_timestamps") != 0);
        return new PortBudget.Reuse(Math.max(0, rule), delayMillis < 0 ? 1 : delayMillis / 1e3, timestamps);
    }

    /** Whether all addresses of the target are loopback's. */
    boolean targetIsOnLoopback() {
        Head.Target target = summary.target();
        return target != null && target.addresses().stream().allMatch(Facts::isLoopback);
    }

    private static boolean isLoopback(String address) {
        return Endpoint.parse(address)
                .literal()
                .filter(InetAddress::isLoopbackAddress)
                .isPresent();
    }

    /** Packets that the run's own network dropped, as its profile asks it to; 0 where no cable was laid. */
    long droppedByOwnNetwork() {
        NetworkFigures network = summary.network();
        return network == null ? 0 : network.dropped().all();
    }

    /** How far a counter moved on a side; 0 where it did not, or where the side was not observed. */
    long counter(Side side, KernelCounter counter) {
        return kernels().counter(side, counter);
    }

    /** A sysctl as it was read on a side; {@link #UNKNOWN} where it was not. */
    long sysctl(Side side, String key) {
        return kernels().sysctl(side, key);
    }

    /** A limit as it was read on a side; {@link #UNKNOWN} where it was not. */
    long limit(Side side, String key) {
        return kernels().limit(side, key);
    }
}
