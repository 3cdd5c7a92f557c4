package io.tcplab.loadgen.watch;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The companion's own view of a run.
 *
 * @param cpuSeconds user and system time of its process from the moment that it was ready to the end of the run
 * @param counts its counters, for example {@code accepted}, {@code exchanges}
 */
public record ServerProcess(double cpuSeconds, Map<String, Long> counts) {
    public ServerProcess {
        cpuSeconds = Math.round(cpuSeconds * 1000) / 1000.0;
        counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
    }
}
