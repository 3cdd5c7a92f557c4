package io.tcplab.loadgen.watch;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server that we started, or a companion that we asked, used and counted in a run.
 *
 * @param cpuSeconds user and system time of its process from the moment that it was ready to the end of the run
 * @param counts a companion's counters, for example {@code accepted}, {@code exchanges}; none of another server
 * @param process the processes of a server of the user's that the run started; absent = it started none, or a companion
 */
public record ServerProcess(
        double cpuSeconds,
        Map<String, Long> counts,
        @Nullable Program process) {

    /**
     * A server of the user's: its process and all its descendants, looked at twice a second.
     *
     * @param command as it was started
     * @param pid of the first process
     * @param peakProcesses most at once
     * @param peakThreads most at once, of all processes
     * @param peakResidentBytes most at once, of all processes; shared pages count once for each
     * @param peakDescriptors most that one process had open
     * @param descriptorLimit that process's soft limit of open files
     * @param exitCode 128 + N after signal N; absent = it was still there at the end of the load
     * @param lastLines the last that it printed, on either stream
     */
    public record Program(
            String command,
            long pid,
            int peakProcesses,
            long peakThreads,
            long peakResidentBytes,
            @Nullable Long peakDescriptors,
            @Nullable Long descriptorLimit,
            @Nullable Integer exitCode,
            List<String> lastLines) {
        public Program {
            lastLines = List.copyOf(lastLines);
        }
    }

    public ServerProcess(double cpuSeconds, Map<String, Long> counts) {
        this(cpuSeconds, counts, null);
    }

    public ServerProcess {
        cpuSeconds = Math.round(cpuSeconds * 1000) / 1000.0;
        counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
    }
}
