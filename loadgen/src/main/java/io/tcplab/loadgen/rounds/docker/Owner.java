package io.tcplab.loadgen.rounds.docker;

import io.tcplab.kernel.ProcFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Whose a container or network is: a process, named so that another one can tell whether it still lives. A number alone would not do:
 * numbers are given again, and are others in another PID namespace (pid_namespaces(7)) or after a boot.
 */
final class Owner {

    /** The label that every container and network of ours has. */
    static final String LABEL = "io.tcplab.owner";

    private static final String SEPARATOR = "/";

    private Owner() {}

    /** Labels of what this process makes. */
    static Map<String, String> labels() {
        return Map.of(LABEL, mine());
    }

    static String mine() {
        ProcessHandle self = ProcessHandle.current();
        return String.join(SEPARATOR, place(), Long.toString(self.pid()), Long.toString(started(self)));
    }

    /** Whether the process of that label lived here and is gone; of another host or PID namespace nothing is known. */
    static boolean isGone(String label) {
        String[] parts = label.split(SEPARATOR, -1);
        if (parts.length != 4 || !(parts[0] + SEPARATOR + parts[1]).equals(place())) {
            return false;
        }
        try {
            Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(parts[2]));
            return process.isEmpty() || started(process.get()) != Long.parseLong(parts[3]);
        } catch (NumberFormatException _) {
            return false;
        }
    }

    private static long started(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    /** This boot of this host, and the PID namespace. */
    private static String place() {
        String boot = ProcFile.readIfPresent(Path.of("/proc/sys/kernel/random/boot_id"))
                .map(String::strip)
                .orElse("unknown");
        try {
            return boot + SEPARATOR + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
        } catch (IOException _) {
            return boot + SEPARATOR + "unknown";
        }
    }
}
