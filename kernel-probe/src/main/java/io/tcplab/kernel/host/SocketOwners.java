package io.tcplab.kernel.host;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Finds the processes that hold sockets, by the links of {@code /proc/PID/fd} (proc_pid_fd(5)), and keeps them, so that their
 * figures can be read again without searching. Of several sockets that processes share, those count that wait for it by epoll(7).
 *
 * <p>A process of another user is hidden from an ordinary one, and a search looks at no more than 100,000 links (some 0.2 s):
 * whatever is not found is absent. Used by one thread at a time.
 */
public final class SocketOwners {
    /** Listeners are opened early: almost every one has a low descriptor, and a process may have a million. */
    private static final int FIRST_DESCRIPTORS = 256;

    private static final int MOST_LINKS = 100_000;

    /** After a search that took so long none is made for a hundred times as long, but for other sockets. */
    private static final long REST = 100;

    private final Map<Long, List<Long>> pids = new HashMap<>();
    private final Map<Long, List<Long>> waiting = new HashMap<>();
    private Set<Long> searched = Set.of();
    private long searchedNanos;
    private long restNanos;

    /**
     * The owners of these sockets now, by inode. Searches where the set of inodes is another one than at the last call, and again where one
     * of the processes has ended: workers are replaced while their listener stays.
     */
    public Map<Long, SocketOwner> of(Set<Long> inodes) {
        long now = System.nanoTime();
        if (!searched.equals(inodes) || (now - searchedNanos >= restNanos && oneHasEnded())) {
            searched = Set.copyOf(inodes);
            search();
            searchedNanos = System.nanoTime();
            restNanos = REST * (searchedNanos - now);
        }
        Map<Long, SocketOwner> owners = new HashMap<>();
        // Where the workers that waited have ended, as at a reload, the master holds it still.
        pids.forEach((inode, holders) -> SocketOwner.of(waiting.getOrDefault(inode, holders))
                .or(() -> SocketOwner.of(holders))
                .ifPresent(owner -> owners.put(inode, owner)));
        return owners;
    }

    /** How many descriptors all processes have open that hold one of these sockets; empty where there is none, or one is hidden. */
    public OptionalLong descriptors(Set<Long> inodes) {
        Map<Long, SocketOwner> _ = of(inodes);
        Set<Long> all = new HashSet<>();
        pids.values().forEach(all::addAll);
        long sum = 0;
        for (long pid : all) {
            OptionalLong one = SocketOwner.descriptorsOf(pid);
            if (one.isEmpty()) {
                return one;
            }
            sum += one.getAsLong();
        }
        return all.isEmpty() ? OptionalLong.empty() : OptionalLong.of(sum);
    }

    private boolean oneHasEnded() {
        return pids.values().stream()
                .flatMap(List::stream)
                .anyMatch(pid -> !Files.exists(Path.of("/proc", pid.toString())));
    }

    private void search() {
        pids.clear();
        waiting.clear();
        if (searched.isEmpty()) {
            return;
        }
        Budget links = new Budget(MOST_LINKS);
        searchAll(FIRST_DESCRIPTORS, links);
        if (!pids.keySet().containsAll(searched)) {
            searchAll(Integer.MAX_VALUE, links);
        }
        if (searched.size() > 1) {
            findThoseThatWait();
        }
    }

    /** Each of nginx's workers holds all sockets of {@code listen … reuseport}, and accepts from one: the one that it waits for. */
    private void findThoseThatWait() {
        Map<Long, Set<Long>> waitsFor = new HashMap<>();
        pids.forEach((inode, holders) -> {
            List<Long> found = holders.size() < 2
                    ? List.of()
                    : holders.stream()
                            .filter(pid -> waitsFor.computeIfAbsent(pid, each -> EpollSets.of(each, searched))
                                    .contains(inode))
                            .toList();
            if (!found.isEmpty()) {
                waiting.put(inode, found);
            }
        });
    }

    private void searchAll(int descriptors, Budget links) {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                searchOne(process, descriptors, links);
            }
        } catch (IOException | DirectoryIteratorException _) {
            // Without /proc there are no owners to tell.
        }
    }

    private void searchOne(Path process, int descriptors, Budget links) {
        long pid = Long.parseLong(process.getFileName().toString());
        Set<Long> found = new HashSet<>();
        int looked = 0;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : all) {
                if (looked++ == descriptors || !links.takesOne()) {
                    break;
                }
                long inode = socketInode(descriptor);
                if (searched.contains(inode)) {
                    found.add(inode);
                }
            }
        } catch (IOException | DirectoryIteratorException _) {
            // It has ended, or belongs to another user.
        }
        for (long inode : found) {
            List<Long> holders = pids.computeIfAbsent(inode, _ -> new ArrayList<>());
            if (!holders.contains(pid)) {
                holders.add(pid);
            }
        }
    }

    /** The number in {@code socket:[12345]}, or -1. */
    private static long socketInode(Path descriptor) {
        try {
            String link = Files.readSymbolicLink(descriptor).toString();
            return link.startsWith("socket:[") ? Long.parseLong(link.substring(8, link.length() - 1)) : -1;
        } catch (IOException | NumberFormatException _) {
            return -1;
        }
    }

    private static final class Budget {
        private int left;

        Budget(int left) {
            this.left = left;
        }

        boolean takesOne() {
            return left-- > 0;
        }
    }
}
