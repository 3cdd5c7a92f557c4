package io.tcplab.loadgen.watch;

import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.counters.SocketStat;
import io.tcplab.kernel.host.HostFacts;
import io.tcplab.kernel.host.Limits;
import io.tcplab.kernel.sockdiag.SockDiag;
import io.tcplab.kernel.sockdiag.SocketFilter;
import io.tcplab.loadgen.record.InWords;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What was there before a measurement began, in the generator's network namespace and on its host.
 *
 * @param timeWait sockets in TIME_WAIT, of whatever connections (/proc/net/sockstat)
 * @param timeWaitToTarget of these, those to the target's address and port from an address that the run connects from: each takes a
 *     4-tuple that the run may need
 * @param portsShare these, of ports × sources, 0 to 1; of several targets that of the worst
 * @param load the host's load average over one minute (proc_loadavg(5)); absent where it is hidden
 * @param cpus CPUs that this process may use
 */
public record Leftovers(
        long timeWait,
        long timeWaitToTarget,
        double portsShare,
        @Nullable Double load,
        int cpus) {

    public Leftovers {
        portsShare = Math.round(portsShare * 10_000) / 10_000.0;
    }

    /** In plain words. */
    public String sentence() {
        return String.format(
                Locale.ROOT,
                "%s TIME_WAITs, %s of them to the target (%s of its local ports); load %s on %d CPU%s",
                InWords.count(timeWait),
                InWords.count(timeWaitToTarget),
                InWords.percent(portsShare),
                load == null ? "unknown" : String.format(Locale.ROOT, "%.2f", load),
                cpus,
                cpus == 1 ? "" : "s");
    }

    /** Looks from the calling thread's namespace, where no target is known yet. */
    public static Leftovers read() {
        return read(List.of(), List.of());
    }

    /**
     * Looks from the calling thread's namespace. Of several targets each has ports of its own, and the share is that of the worst.
     *
     * @param targets where the run will connect to
     * @param sources addresses that it will connect from; none = the one that the kernel chooses
     */
    public static Leftovers read(List<InetSocketAddress> targets, List<InetAddress> sources) {
        long[] toEach = targets.stream()
                .distinct()
                .mapToLong(target -> timeWaits(target, sources))
                .toArray();
        long most = LongStream.of(toEach).max().orElse(0);
        long tuples = (long) Limits.read().ephemeralPorts().orElse(0) * Math.max(1, sources.size());
        return new Leftovers(
                SocketStat.read().timeWait(),
                LongStream.of(toEach).sum(),
                tuples == 0 ? 0 : (double) most / tuples,
                loadAverage(),
                Runtime.getRuntime().availableProcessors());
    }

    /** A TIME_WAIT takes a 4-tuple: those to another address with the same port, or from another one of ours, take none from us. */
    private static long timeWaits(InetSocketAddress target, List<InetAddress> sources) {
        Set<InetAddress> from = sources.isEmpty() ? OwnAddresses.chosenFor(target) : Set.copyOf(sources);
        boolean fromAny = from.isEmpty() || from.stream().anyMatch(InetAddress::isAnyLocalAddress);
        try (SockDiag diag = SockDiag.open()) {
            return diag.sockets(SocketFilter.remotePort(target.getPort()), Set.of(TcpState.TIME_WAIT)).stream()
                    .filter(socket -> socket.remote().getAddress().equals(target.getAddress()))
                    .filter(socket -> fromAny || from.contains(socket.local().getAddress()))
                    .count();
        }
    }

    private static @Nullable Double loadAverage() {
        OptionalDouble load = HostFacts.loadAverage();
        return load.isPresent() ? load.getAsDouble() : null;
    }
}
