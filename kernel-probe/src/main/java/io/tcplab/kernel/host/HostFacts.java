package io.tcplab.kernel.host;

import io.tcplab.kernel.ProcFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The machine: what a result must say to be compared with another one. These do not depend on the network namespace.
 *
 * @param kernelRelease as {@code uname -r} says, empty if hidden
 * @param cpuModel the first CPU's name as /proc/cpuinfo gives it; not every architecture does
 * @param cpus CPUs that this process may use
 * @param memoryBytes MemTotal
 * @param memoryAvailableBytes MemAvailable
 * @param clockSource what the kernel reads time from, such as {@code tsc}
 */
public record HostFacts(
        String kernelRelease,
        Optional<String> cpuModel,
        int cpus,
        OptionalLong memoryBytes,
        OptionalLong memoryAvailableBytes,
        Optional<String> clockSource) {
    private static final Path CLOCK = Path.of("/sys/devices/system/clocksource/clocksource0/current_clocksource");

    /** Reads it; what cannot be read is absent. */
    public static HostFacts read() {
        List<String> memory = lines("/proc/meminfo");
        return new HostFacts(
                ProcFile.readIfPresent(Path.of("/proc/sys/kernel/osrelease"))
                        .map(String::strip)
                        .orElse(""),
                cpuModel(lines("/proc/cpuinfo")),
                Runtime.getRuntime().availableProcessors(),
                kilobytes(memory, "MemTotal:"),
                kilobytes(memory, "MemAvailable:"),
                ProcFile.readIfPresent(CLOCK).map(String::strip));
    }

    /** The load average over one minute (proc_loadavg(5)); empty where the file is hidden or has no text, as in some containers. */
    public static OptionalDouble loadAverage() {
        return loadAverage(ProcFile.readIfPresent(Path.of("/proc/loadavg")).orElse(""));
    }

    static OptionalDouble loadAverage(String text) {
        String first = text.strip().split("\\s+")[0];
        return first.matches("\\d{1,9}(\\.\\d{1,9})?")
                ? OptionalDouble.of(Double.parseDouble(first))
                : OptionalDouble.empty();
    }

    static Optional<String> cpuModel(List<String> cpuinfo) {
        return cpuinfo.stream()
                .filter(line -> line.startsWith("model name") && line.indexOf(':') > 0)
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
    }

    static OptionalLong kilobytes(List<String> meminfo, String name) {
        for (String line : meminfo) {
            String[] words = line.split("\\s+");
            if (words.length >= 2 && words[0].equals(name) && words[1].matches("\\d{1,15}")) {
                return OptionalLong.of(1024 * Long.parseLong(words[1]));
            }
        }
        return OptionalLong.empty();
    }

    private static List<String> lines(String file) {
        return ProcFile.linesIfPresent(Path.of(file)).orElse(List.of());
    }
}
