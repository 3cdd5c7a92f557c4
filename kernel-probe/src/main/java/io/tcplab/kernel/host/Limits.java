package io.tcplab.kernel.host;

import io.tcplab.kernel.ProcFile;
import io.tcplab.kernel.sockdiag.ListenerReading;
import io.tcplab.kernel.sockdiag.SockDiag;
import io.tcplab.kernel.syscall.Syscalls;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What bounds connections in the calling thread's network namespace, and in this process; an absent value means that
 * this kernel or this namespace does not say (ip-sysctl.rst, getrlimit(2)).
 *
 * @param softDescriptors descriptors that this process may open, -1 for no limit
 * @param hardDescriptors how far it may raise that by itself, -1 for no limit
 * @param portRange ip_local_port_range: the ports that connect() may pick
 * @param reservedPorts ip_local_reserved_ports: those of them that it may not, "" for none
 * @param ephemeralPorts how many are left of the two, and of those that a listener holds
 * @param somaxconn the most that listen() grants
 * @param maxSynBacklog tcp_max_syn_backlog: matters at tcp_syncookies = 0 alone
 * @param maxTimeWaitBuckets tcp_max_tw_buckets: TIME_WAITs above this are dropped at once
 * @param timeWaitReuse tcp_tw_reuse: 0 never, 1 always, 2 between loopback addresses
 * @param timeWaitReuseDelayMillis tcp_tw_reuse_delay: the age from which a TIME_WAIT is reused; absent means 1000
 * @param finTimeoutSeconds tcp_fin_timeout: the life of an orphaned FIN_WAIT2, not of a TIME_WAIT
 * @param timestamps tcp_timestamps: 0 off, 1 on with random offset, 2 on
 * @param synCookies tcp_syncookies: 0 never, 1 when the SYN queue is full, 2 always
 * @param synRetries tcp_syn_retries: SYNs sent again before ETIMEDOUT
 * @param synLinearTimeouts tcp_syn_linear_timeouts: those of them that come 1 s apart; absent means 0
 * @param conntrackCount connections that conntrack of this namespace holds
 * @param conntrackMax the most it can hold
 */
public record Limits(
        long softDescriptors,
        long hardDescriptors,
        Optional<PortRange> portRange,
        String reservedPorts,
        OptionalInt ephemeralPorts,
        OptionalLong somaxconn,
        OptionalLong maxSynBacklog,
        OptionalLong maxTimeWaitBuckets,
        OptionalLong timeWaitReuse,
        OptionalLong timeWaitReuseDelayMillis,
        OptionalLong finTimeoutSeconds,
        OptionalLong timestamps,
        OptionalLong synCookies,
        OptionalLong synRetries,
        OptionalLong synLinearTimeouts,
        OptionalLong conntrackCount,
        OptionalLong conntrackMax) {

    /** Reads all of it for the calling thread's namespace; what cannot be read is absent. */
    public static Limits read() {
        long[] descriptors = Syscalls.descriptorLimits();
        Optional<PortRange> range = Sysctl.read("net.ipv4.ip_local_port_range").flatMap(PortRange::parse);
        String reserved = Sysctl.read("net.ipv4.ip_local_reserved_ports").orElse("");
        return new Limits(
                descriptors.length == 0 ? -1 : descriptors[0],
                descriptors.length == 0 ? -1 : descriptors[1],
                range,
                reserved,
                range.map(ports -> OptionalInt.of(ports.sizeWithout(reserved, listening())))
                        .orElse(OptionalInt.empty()),
                Sysctl.readNumber("net.core.somaxconn"),
                Sysctl.readNumber("net.ipv4.tcp_max_syn_backlog"),
                Sysctl.readNumber("net.ipv4.tcp_max_tw_buckets"),
                Sysctl.readNumber("net.ipv4.tcp_tw_reuse"),
                Sysctl.readNumber("net.ipv4.tcp_tw_reuse_delay"),
                Sysctl.readNumber("net.ipv4.tcp_fin_timeout"),
                Sysctl.readNumber("net.ipv4.tcp_timestamps"),
                Sysctl.readNumber("net.ipv4.tcp_syncookies"),
                Sysctl.readNumber("net.ipv4.tcp_syn_retries"),
                Sysctl.readNumber("net.ipv4.tcp_syn_linear_timeouts"),
                Sysctl.readNumber("net.netfilter.nf_conntrack_count"),
                Sysctl.readNumber("net.netfilter.nf_conntrack_max"));
    }

    /** The ports of this namespace's listeners: none where the kernel does not say. */
    private static Set<Integer> listening() {
        try (SockDiag sockets = SockDiag.open()) {
            return sockets.listeners().stream().map(ListenerReading::port).collect(Collectors.toSet());
        } catch (UncheckedIOException _) {
            return Set.of();
        }
    }

    /** The soft limit of descriptors of another process, as /proc/PID/limits says; absent if that is hidden. */
    public static OptionalLong softDescriptorsOf(long pid) {
        return ProcFile.linesIfPresent(Path.of("/proc/" + pid + "/limits"))
                .flatMap(lines -> lines.stream()
                        .filter(line -> line.startsWith("Max open files"))
                        .findFirst())
                .map(line -> line.strip().split("\\s+")[3])
                .map(word -> word.equals("unlimited") ? OptionalLong.of(-1) : OptionalLong.of(Long.parseLong(word)))
                .orElse(OptionalLong.empty());
    }
}
