package io.tcplab.kernel.host;

import io.tcplab.kernel.ProcFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What a process and all its descendants use at one moment (proc_pid_stat(5)).
 *
 * @param processes how many there are
 * @param threads of all of them
 * @param residentBytes of all of them; pages that they share count once for each
 * @param descriptors open in the process that has the fewest left; absent where that is hidden
 * @param descriptorLimit of that process; absent where that is hidden or there is none
 * @param cpuNanos user and system time so far, with that of descendants that have ended and were waited for; to 10 ms
 */
public record ProcessTree(
        int processes,
        long threads,
        long residentBytes,
        OptionalLong descriptors,
        OptionalLong descriptorLimit,
        long cpuNanos) {

    private static final int PAGE_BYTES = 4096;

    /** USER_HZ, the unit of times in /proc on every architecture that we know (time(7)). */
    private static final long NANOS_PER_TICK = 10_000_000;

    /** Reads it now; empty where the process has ended. */
    public static Optional<ProcessTree> of(long pid) {
        List<Long> pids = pids(pid);
        List<String[]> stats = pids.stream().flatMap(ProcessTree::fields).toList();
        if (stats.isEmpty()) {
            return Optional.empty();
        }
        Optional<SocketOwner> fullest = SocketOwner.of(pids);
        return Optional.of(new ProcessTree(
                stats.size(),
                stats.stream().mapToLong(each -> number(each, 20)).sum(),
                stats.stream().mapToLong(each -> number(each, 24)).sum() * PAGE_BYTES,
                fullest.map(SocketOwner::descriptors).orElse(OptionalLong.empty()),
                fullest.map(SocketOwner::descriptorLimit).orElse(OptionalLong.empty()),
                stats.stream().mapToLong(ProcessTree::ticks).sum() * NANOS_PER_TICK));
    }

    /** The process and its descendants. */
    public static List<Long> pids(long pid) {
        List<Long> pids = new ArrayList<>();
        ProcessHandle.of(pid).ifPresent(process -> {
            pids.add(pid);
            process.descendants().map(ProcessHandle::pid).forEach(pids::add);
        });
        return pids;
    }

    /** The one of these processes that has this id in its own, innermost pid namespace (NSpid of proc_pid_status(5)). */
    public static OptionalLong byInnerPid(List<Long> pids, long inner) {
        return pids.stream()
                .filter(pid -> ProcFile.linesIfPresent(Path.of("/proc", Long.toString(pid), "status")).stream()
                        .flatMap(List::stream)
                        .filter(line -> line.startsWith("NSpid:"))
                        .anyMatch(line -> line.endsWith("\t" + inner)))
                .mapToLong(Long::longValue)
                .findFirst();
    }

    /** The fields of its stat, counted from 1 as the man page does; the name, which may have spaces, is left out. */
    private static Stream<String[]> fields(long pid) {
        return ProcFile.readIfPresent(Path.of("/proc", Long.toString(pid), "stat")).stream()
                .filter(stat -> stat.lastIndexOf(')') > 0)
                .map(stat -> ("- - " + stat.substring(stat.lastIndexOf(')') + 1).strip()).split("\\s+"));
    }

    private static long number(String[] fields, int position) {
        return position <= fields.length ? Long.parseLong(fields[position - 1]) : 0;
    }

    private static long ticks(String[] fields) {
        return number(fields, 14) + number(fields, 15) + number(fields, 16) + number(fields, 17);
    }
}
