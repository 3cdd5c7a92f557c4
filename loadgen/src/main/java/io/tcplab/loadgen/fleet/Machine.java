package io.tcplab.loadgen.fleet;

import io.tcplab.kernel.Printable;
import io.tcplab.kernel.ProcFile;
import io.tcplab.kernel.host.SideFacts;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a generator runs.
 *
 * @param host its name
 * @param bootId names the kernel below it, which containers of one machine have in common; absent when unknown
 * @param cpus of the machine, whatever part of them the generator may use
 * @param pid of the generator
 */
record Machine(String host, @Nullable String bootId, int cpus, long pid) {

    private static final Path ONLINE = Path.of("/sys/devices/system/cpu/online");

    Machine {
        host = Printable.shortLine(host);
        bootId = bootId == null ? null : Printable.shortLine(bootId);
    }

    static Machine here() {
        return new Machine(
                name(),
                SideFacts.read().bootId(),
                ProcFile.readIfPresent(ONLINE)
                        .map(Machine::count)
                        .orElse(Runtime.getRuntime().availableProcessors()),
                ProcessHandle.current().pid());
    }

    private static String name() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            return ProcFile.readIfPresent(Path.of("/proc/sys/kernel/hostname"))
                    .map(String::strip)
                    .orElse("unknown");
        }
    }

    /** How many CPUs a list such as {@code 0-3,6} names (cpusets(7), list format); those this process has where it is none. */
    static int count(String list) {
        int count = 0;
        try {
            for (String range : list.strip().split(",")) {
                String[] ends = range.split("-", 2);
                count += ends.length == 1 ? 1 : Integer.parseInt(ends[1]) - Integer.parseInt(ends[0]) + 1;
            }
            return Math.max(1, count);
        } catch (NumberFormatException _) {
            return Runtime.getRuntime().availableProcessors();
        }
    }

    /** What tells this machine from others. */
    String identity() {
        return bootId == null ? host : bootId;
    }
}
