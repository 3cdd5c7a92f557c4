package io.tcplab.loadgen.tune.law;

import io.tcplab.companion.protocol.CloseStyle;
import io.tcplab.kernel.Side;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.plan.Load;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.watch.PortBudget;
import io.tcplab.loadgen.watch.SideFigures;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many connections the local ports allow, and whether it was so. The ports are those of ip_local_port_range that are neither reserved
 * nor held by a listener: Docker's resolver, which listens in each container, may have one of them.
 *
 * <p>A client that closes first leaves a TIME_WAIT on each 4-tuple for 60 s (TCP_TIMEWAIT_LEN, include/net/tcp.h). Within a run shorter
 * than that, connect(2) finds ports × sources 4-tuples to one destination; with tcp_tw_reuse and timestamps it may take each again once
 * tcp_tw_reuse_delay is over (tcp_twsk_unique, net/ipv4/tcp_ipv4.c): ports × sources × the number of such intervals that have begun.
 * A reset that the server sends to a TIME_WAIT ends it at once, and its port is free again (tcp_rfc1337=0, tcp_timewait_state_process, the
 * "TIME-WAIT assassination" of RFC 1337): each of the server's resets gives room for one more. Where the server closes first, or
 * a reset ends the connection, the client has no TIME_WAIT and ports set no limit.
 */
final class PortLaw {

    static final String TITLE = "successes = ports × sources × intervals started";
    private static final long TIME_WAIT_NANOS = (long) (PortBudget.TIME_WAIT_SECONDS * 1e9);
    private static final String USUAL_DELAY_MILLIS = "1000";

    private PortLaw() {}

    /** The law for a round without warm-up and shorter than a TIME_WAIT; {@code null} where it says nothing. */
    static @Nullable Law of(Profile profile, Map<String, String> client, boolean loopback, Summary round) {
        boolean holds = profile.load() instanceof Load.Hold; // nothing closes before the end
        boolean kept = profile.mix().stream().anyMatch(member -> member.close().how() == CloseStyle.ABANDON);
        if (holds || kept || profile.warmupNanos() != 0 || profile.durationNanos() >= TIME_WAIT_NANOS) {
            return null;
        }
        long started = round.outcomes().started();
        long completed = round.outcomes().count(ConnectionOutcome.COMPLETED);
        if (round.outcomes().errors() > round.outcomes().count(ConnectionOutcome.NO_LOCAL_PORT)) {
            return null; // something else than ports set the limit
        }
        if (profile.mix().stream().noneMatch(member -> member.close().leavesTimeWait(Side.CLIENT))) {
            return law(started, completed, "no TIME_WAIT on the client, so ports set no limit: all " + started, round);
        }
        long ports = Long.parseLong(client.getOrDefault("ephemeralPorts", "0"));
        boolean all = profile.mix().stream().allMatch(member -> member.close().leavesTimeWait(Side.CLIENT));
        SideFigures kernel = round.kernel().client();
        boolean dropped = kernel != null && kernel.counter(KernelCounter.TIME_WAIT_OVERFLOWS) > 0; // tcp_max_tw_buckets
        if (!all || ports == 0 || dropped) {
            return null;
        }
        int sources = Math.max(1, profile.client().sources().size());
        long intervals = reuses(client, loopback) ? intervals(profile, client) : 1;
        SideFigures server = round.kernel().server();
        long resets = server == null ? 0 : server.counter(KernelCounter.OUT_RESETS);
        long room = ports * sources * intervals + resets;
        String because = ports + " ports × " + sources + (sources == 1 ? " source" : " sources")
                + (intervals == 1 ? " " : " × ")
                + (intervals == 1 ? "(no port is used twice)" : intervals + " intervals started")
                + (resets == 0 ? "" : " + " + resets + " whose TIME_WAIT a reset of the server ended") + " = " + room
                + (room > started ? ", more than the " + started + " that were tried" : "");
        return law(Math.min(room, started), completed, because, round);
    }

    private static Law law(long expected, long completed, String because, Summary round) {
        // Too little CPU time makes for missed intervals, hence for too few and never for too many.
        return new Law(TITLE, expected, expected, completed, because, completed < expected && Law.late(round));
    }

    private static long intervals(Profile profile, Map<String, String> client) {
        long delayNanos =
                1_000_000 * Long.parseLong(client.getOrDefault("net.ipv4.tcp_tw_reuse_delay", USUAL_DELAY_MILLIS));
        return delayNanos == 0 ? Integer.MAX_VALUE : (profile.durationNanos() - 1) / delayNanos + 1;
    }

    /** 2 is for loopback addresses alone; without timestamps an old segment cannot be distinguished from a new one (tcp_twsk_unique). */
    private static boolean reuses(Map<String, String> client, boolean loopback) {
        String reuse = client.getOrDefault("net.ipv4.tcp_tw_reuse", "2");
        boolean wanted = reuse.equals("1") || (reuse.equals("2") && loopback);
        return wanted && !client.getOrDefault("net.ipv4.tcp_timestamps", "1").equals("0");
    }
}
