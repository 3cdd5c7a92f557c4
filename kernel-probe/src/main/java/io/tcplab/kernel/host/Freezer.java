package io.tcplab.kernel.host;

import io.tcplab.kernel.ProcFile;
import java.nio.file.Path;
import java.util.List;

/**
 * Whether the control group of a process lets it run, which its own state does not say: {@code docker pause} freezes one (cgroups(7);
 * Documentation/admin-guide/cgroup-v1/freezer-subsystem.rst; cgroup-v2.rst, "cgroup.events"). Both files also say what a group
 * above this one does.
 */
final class Freezer {

    private static final Path GROUPS = Path.of("/sys/fs/cgroup");

    private Freezer() {}

    /** Whether the process is frozen; false where its group is hidden, as that of another container is inside one. */
    static boolean holds(long pid) {
        return ProcFile.linesIfPresent(Path.of("/proc", Long.toString(pid), "cgroup"))
                .filter(lines -> holds(lines, GROUPS))
                .isPresent();
    }

    /** The same of these lines of /proc/PID/cgroup, with the groups mounted at {@code groups}. */
    static boolean holds(List<String> lines, Path groups) {
        for (String line : lines) {
            String[] parts = line.split(":", 3); // number, controllers, path
            if (parts.length == 3 && isFrozen(parts[1], parts[2].substring(1), groups)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isFrozen(String controllers, String path, Path groups) {
        if (List.of(controllers.split(",", -1)).contains("freezer")) {
            return ProcFile.readIfPresent(
                            groups.resolve("freezer").resolve(path).resolve("freezer.state"))
                    .filter(state -> !state.startsWith("THAWED"))
                    .isPresent();
        }
        return controllers.isEmpty()
                && (isFrozen(groups.resolve(path))
                        || isFrozen(groups.resolve("unified").resolve(path)));
    }

    private static boolean isFrozen(Path group) {
        return ProcFile.linesIfPresent(group.resolve("cgroup.events"))
                .filter(lines -> lines.contains("frozen 1"))
                .isPresent();
    }
}
