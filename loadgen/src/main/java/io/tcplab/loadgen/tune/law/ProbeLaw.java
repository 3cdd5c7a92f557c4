package io.tcplab.loadgen.tune.law;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.plan.ClientOptions.KeepaliveProbe;
import io.tcplab.loadgen.plan.Fault;
import io.tcplab.loadgen.plan.Load;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.Protocol;
import io.tcplab.loadgen.record.Cause;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.result.Summary;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When keepalive probes find out that the peer has vanished: idle + interval × count after the connection's last segment
 * (tcp_keepalive_timer, net/ipv4/tcp_timer.c); never without SO_KEEPALIVE.
 */
final class ProbeLaw {

    /** Timers fire late, never early: a jiffy, and what a busy machine adds. */
    private static final long SLACK_MILLIS = 900;

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final String TITLE = "last end by ETIMEDOUT, ms after the start";

    private ProbeLaw() {}

    /**
     * The law for connections that are held and idle, and whose peer vanishes before the first probe and for good; {@code null} where it
     * says nothing.
     */
    static @Nullable Law of(Profile profile, Map<String, String> sysctls, Summary round) {
        List<Fault> faults = profile.faults();
        if (!(profile.load() instanceof Load.Hold hold)
                || !profile.mix().stream().allMatch(member -> profile.protocolOf(member) instanceof Protocol.None)
                || faults.size() != 1
                || faults.getFirst().drop() != Fault.Drop.EVERYTHING
                || faults.getFirst().untilNanos() != Fault.NEVER) {
            return null;
        }
        KeepaliveProbe probe = profile.client().keepaliveProbe();
        if (probe == null) {
            long ended = round.outcomes().count(ConnectionOutcome.TIMED_OUT);
            return new Law("connections ended by ETIMEDOUT", 0, 0, ended, "without SO_KEEPALIVE nothing checks", false);
        }
        long idle = seconds(probe.idleSeconds(), "net.ipv4.tcp_keepalive_time", sysctls);
        long interval = seconds(probe.intervalSeconds(), "net.ipv4.tcp_keepalive_intvl", sysctls);
        long count = seconds(probe.count(), "net.ipv4.tcp_keepalive_probes", sysctls);
        long millis = 1000 * (idle + interval * count) + hold.rampNanos() / NANOS_PER_MILLI;
        String because = idle + " s idle + " + interval + " s × " + count + ", from the last connect on";
        if (idle * 1_000_000_000 <= faults.getFirst().fromNanos()) {
            return null; // a live peer answered the first probe, and the clock began again
        }
        if ((millis + SLACK_MILLIS) * NANOS_PER_MILLI > profile.durationNanos()) {
            long ended = round.outcomes().count(ConnectionOutcome.TIMED_OUT);
            return new Law("connections ended by ETIMEDOUT", 0, 0, ended, because + ": after this run", false);
        }
        return new Law(
                TITLE,
                millis - hold.rampNanos() / NANOS_PER_MILLI,
                millis + SLACK_MILLIS,
                lastEnd(round),
                because,
                false);
    }

    private static long seconds(int own, String sysctl, Map<String, String> sysctls) {
        String value = sysctls.getOrDefault(sysctl, "");
        return own > 0 ? own : value.matches("\\d{1,9}") ? Long.parseLong(value) : Integer.MAX_VALUE;
    }

    private static long lastEnd(Summary round) {
        return round.causes().stream()
                .filter(cause -> cause.cause().equals(Cause.ofCall("recv", Errno.ETIMEDOUT)))
                .mapToLong(cause -> Math.round(cause.lastSecond() * 1000))
                .max()
                .orElse(0);
    }
}
