package io.tcplab.kernel.host;

import io.tcplab.kernel.ProcFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The queues in which incoming packets, those of loopback and veth devices among them, wait for a CPU of this machine. They belong to all
 * of its network namespaces together.
 */
public final class IncomingPackets {

    private static final Path FILE = Path.of("/proc/net/softnet_stat");
    private static final int DROPPED = 1;
    private static final int HEX = 16;

    private IncomingPackets() {}

    /**
     * How many packets were dropped since the machine's start because a queue had {@code net.core.netdev_max_backlog} of them already
     * (softnet_seq_show, net/core/net-procfs.c); 0 where this kernel does not say.
     */
    public static long dropped() {
        Optional<List<String>> cpus = ProcFile.linesIfPresent(FILE);
        return cpus.orElse(List.of()).stream()
                .mapToLong(cpu -> Long.parseLong(cpu.split(" ")[DROPPED], HEX))
                .sum();
    }
}
