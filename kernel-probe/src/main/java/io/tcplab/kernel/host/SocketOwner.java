package io.tcplab.kernel.host;

import io.tcplab.kernel.ProcFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Who holds a socket: one process, or several that inherited it, as a master and its workers do. Of several the figures are
 * those of the one with the fewest descriptors left. What systemd keeps of a socket that it has handed to a service is not
 * counted (sd_listen_fds(3)).
 *
 * @param pid of that process
 * @param program its name, as {@code ps} and {@code ss -p} show it (comm, proc_pid_comm(5)), without control characters
 * @param processes how many processes hold the socket
 * @param stopped how many of them are stopped, by SIGSTOP, a debugger or {@code docker pause}, and so accept nothing
 * @param descriptors that the process has open; absent where that is hidden
 * @param descriptorLimit its soft RLIMIT_NOFILE; absent where that is hidden or there is no limit
 */
public record SocketOwner(
        long pid, String program, int processes, int stopped, OptionalLong descriptors, OptionalLong descriptorLimit) {

    private static final String SYSTEMD = "systemd";

    /** The figures of these processes now; empty where all of them have ended or are hidden. */
    static Optional<SocketOwner> of(List<Long> pids) {
        List<Holder> all =
                pids.stream().flatMap(pid -> Holder.read(pid).stream()).toList();
        List<Holder> services =
                all.stream().filter(each -> !each.program.equals(SYSTEMD)).toList();
        List<Holder> holders = services.isEmpty() ? all : services;
        return holders.stream()
                .max(Comparator.comparingDouble(Holder::share)
                        .thenComparing(Comparator.comparingLong(Holder::pid).reversed()))
                .map(fullest -> new SocketOwner(
                        fullest.pid,
                        fullest.program,
                        holders.size(),
                        (int) holders.stream().filter(Holder::stopped).count(),
                        fullest.descriptors,
                        fullest.limit));
    }

    /** How many descriptors this process has open now: none where it has ended; absent where that is hidden. */
    static OptionalLong descriptorsOf(long pid) {
        Path directory = Path.of("/proc", Long.toString(pid));
        return Files.exists(directory) ? openDescriptors(directory.resolve("fd")) : OptionalLong.of(0);
    }

    private record Holder(long pid, String program, boolean stopped, OptionalLong descriptors, OptionalLong limit) {
        static Optional<Holder> read(long pid) {
            Path directory = Path.of("/proc", Long.toString(pid));
            return ProcFile.readIfPresent(directory.resolve("stat"))
                    .filter(stat -> stat.indexOf('(') >= 0 && stat.lastIndexOf(") ") > stat.indexOf('('))
                    .filter(stat -> !hasEnded(stat))
                    .map(stat -> new Holder(
                            pid,
                            stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(") "))
                                    .replaceAll("\\p{Cntrl}", "?"),
                            "Tt".indexOf(state(stat)) >= 0 || Freezer.holds(pid),
                            openDescriptors(directory.resolve("fd")),
                            limited(Limits.softDescriptorsOf(pid))));
        }

        /** What has ended holds nothing any more, also where its parent has not waited for it: a zombie. */
        private static boolean hasEnded(String stat) {
            return "ZX".indexOf(state(stat)) >= 0;
        }

        private static char state(String stat) {
            return stat.charAt(stat.lastIndexOf(") ") + 2);
        }

        private static OptionalLong limited(OptionalLong soft) {
            return soft.isPresent() && soft.getAsLong() < 0 ? OptionalLong.empty() : soft;
        }

        double share() {
            return descriptors.isEmpty() || limit.isEmpty() ? 0 : descriptors.getAsLong() / (double) limit.getAsLong();
        }
    }

    /**
     * Since Linux 6.2 the directory's size says how many there are ({@code proc_fd_getattr} in {@code fs/proc/fd.c}); before,
     * they are counted.
     */
    private static OptionalLong openDescriptors(Path directory) {
        try {
            long size = Files.size(directory);
            if (size > 0) {
                return OptionalLong.of(size);
            }
            try (Stream<Path> all = Files.list(directory)) {
                return OptionalLong.of(all.count());
            }
        } catch (IOException | UncheckedIOException _) {
            // It may have ended meanwhile.
            return OptionalLong.empty();
        }
    }
}
