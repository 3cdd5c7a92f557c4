package io.tcplab.loadgen.watch;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.host.Limits;
import io.tcplab.loadgen.plan.Load;
import io.tcplab.loadgen.plan.MixMember;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.Route;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The local ports that a profile takes towards one destination, and those that there are. Of several targets it is the one to which most
 * go.
 *
 * <p>A port is taken for each pair of source address and destination (address and port), as long as the connection is open, and after it
 * while the client's side is in TIME_WAIT: where the client closes first by FIN, 60 s (include/net/tcp.h, TCP_TIMEWAIT_LEN), or until
 * tcp_tw_reuse lets a newer connection have it (tcp_twsk_unique(), net/ipv4/tcp_ipv4.c).
 *
 * @param ports of the local range, for each source address
 * @param sources addresses
 * @param held connections that are open at the same time, as far as the profile says
 * @param closedPerSecond connections that leave a TIME_WAIT on the client's side; 0 = none, or not known beforehand
 * @param takenSeconds how long each of these takes its port
 * @param needed ports that the run takes at most
 */
public record PortBudget(
        long ports, int sources, long held, double closedPerSecond, double takenSeconds, double needed) {

    /** TIME_WAIT's length on Linux. */
    public static final double TIME_WAIT_SECONDS = 60;

    /** How the kernel gives a TIME_WAIT's port to a newer connection. */
    public record Reuse(long rule, double delaySeconds, boolean timestamps) {

        /** No such rule: the port is taken for 60 s. */
        public static final Reuse NONE = new Reuse(0, 1, true);

        static Reuse of(Limits limits) {
            return new Reuse(
                    limits.timeWaitReuse().orElse(0),
                    limits.timeWaitReuseDelayMillis().orElse(1_000) / 1_000.0,
                    limits.timestamps().orElse(1) != 0);
        }

        /** How long a TIME_WAIT keeps its port; tcp_tw_reuse=2 speaks of loopback addresses, not of the lo device. */
        public double takenSeconds(boolean loopback) {
            return gives(loopback) ? Math.min(delaySeconds, TIME_WAIT_SECONDS) : TIME_WAIT_SECONDS;
        }

        /** Whether a new connection gets such a port before the 60 s are over. */
        public boolean gives(boolean loopback) {
            return timestamps && mayGive(loopback);
        }

        /** Whether it would, with TCP timestamps. */
        public boolean mayGive(boolean loopback) {
            return rule == 1 || (rule == 2 && loopback);
        }
    }

    /**
     * Returns the budget of a profile.
     *
     * @param ports of the local range
     * @param destination the target's address; absent = a companion's, on loopback
     */
    public static PortBudget of(Profile profile, long ports, Reuse reuse, @Nullable InetAddress destination) {
        boolean loopback = (destination == null || destination.isLoopbackAddress())
                && profile.client().sources().stream().allMatch(InetAddress::isLoopbackAddress);
        int sources = Math.max(1, profile.client().sources().size());
        long held = (long) Math.ceil(held(profile.load()) * busiest(profile, _ -> true));
        double closed = closedPerSecond(profile);
        double taken = reuse.takenSeconds(loopback);
        double seconds = profile.durationNanos() == Profile.UNLIMITED
                ? Double.POSITIVE_INFINITY
                : (profile.durationNanos() + profile.warmupNanos()) / 1e9;
        double most = profile.connections() == Profile.UNLIMITED
                ? Double.POSITIVE_INFINITY
                : profile.connections() * busiest(profile, _ -> true);
        double inTimeWait = closed == 0 ? 0 : Math.min(closed * Math.min(seconds, taken), most);
        return new PortBudget(ports, sources, held, closed, taken, Math.max(held, inTimeWait));
    }

    /** Pairs of port and source address: all that one destination can have. */
    public long tuples() {
        return ports * sources;
    }

    /** Whether there are enough. */
    public boolean suffices() {
        return needed <= tuples();
    }

    /** Connections a second that the client may close first, without end. */
    public double sustainablePerSecond() {
        return takenSeconds == 0 ? Double.POSITIVE_INFINITY : tuples() / takenSeconds;
    }

    private static long held(Load load) {
        return switch (load) {
            case Load.Open _ -> 0;
            case Load.Closed closed -> closed.concurrency();
            case Load.Hold hold -> hold.connections();
            case Load.Requests requests -> requests.connections();
        };
    }

    /** A closed loop's rate is not known beforehand; held connections are closed once, at the end. */
    private static double closedPerSecond(Profile profile) {
        double rate = switch (profile.load()) {
            case Load.Open open ->
                open.segments().stream()
                        .mapToDouble(segment -> Math.max(segment.fromPerSecond(), segment.toPerSecond()))
                        .max()
                        .orElse(0);
            case Load.Closed _, Load.Hold _, Load.Requests _ -> 0;
        };
        return rate * busiest(profile, member -> member.close().leavesTimeWait(Side.CLIENT));
    }

    /** The share of all connections that are of such members and go to one target, of the target where it is greatest. */
    private static double busiest(Profile profile, Predicate<MixMember> which) {
        List<Route> routes = profile.routes();
        double all = routes.stream().mapToDouble(Route::weight).sum();
        return routes.stream()
                .filter(route -> which.test(profile.mix().get(route.member())))
                .collect(Collectors.groupingBy(Route::target, Collectors.summingDouble(Route::weight)))
                .values()
                .stream()
                .mapToDouble(weight -> weight / all)
                .max()
                .orElse(0);
    }

    /** The arithmetic in a sentence, and the advice where ports are short. */
    String words() {
        String there =
                String.format(Locale.ROOT, "%,d ports × %d %s", ports, sources, sources == 1 ? "source" : "sources");
        if (held > tuples()) {
            return String.format(
                    Locale.ROOT,
                    "%s = %,d connections to one destination at the same time, and the profile opens %,d: add sources"
                            + " (client.sources) or widen net.ipv4.ip_local_port_range",
                    there,
                    tuples(),
                    held);
        }
        String arithmetic = String.format(
                Locale.ROOT,
                "%s ÷ %s s that a TIME_WAIT keeps its port = %,.0f connections/s that the client may close first, to one destination",
                there,
                BigDecimal.valueOf(takenSeconds).stripTrailingZeros().toPlainString(),
                sustainablePerSecond());
        return suffices()
                ? arithmetic
                : arithmetic
                        + String.format(
                                Locale.ROOT,
                                "; the profile closes %,.0f/s and needs %,.0f ports: add sources (client.sources), let the server close,"
                                        + " or keep connections",
                                closedPerSecond,
                                needed);
    }
}
