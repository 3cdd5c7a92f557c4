package io.tcplab.kernel.syscall;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps the starting of processes and the closing of sockets apart, within this process.
 *
 * <p>Between fork(2) and execve(2) a child holds a copy of every descriptor. A close(2) of ours in that time is not the last one: it
 * returns at once, and FIN or RST, or the waiting that SO_LINGER asks for, happen when the child gives up its copy (close(2), fput in
 * fs/file_table.c). Where a close is what is looked at, it and whatever starts processes beside it go through here.
 */
public final class Forks {
    private static final Object STARTING = new Object();

    /** What is being closed: descriptor, and what it referred to. */
    private static final Map<Integer, Path> CLOSING = new ConcurrentHashMap<>();

    private Forks() {}

    /** Starts a process; returns when it no longer has copies of our descriptors. */
    public static Process start(ProcessBuilder builder) throws IOException {
        synchronized (STARTING) {
            for (Map.Entry<Integer, Path> closing : CLOSING.entrySet()) {
                while (target(closing.getKey()).equals(Optional.of(closing.getValue()))
                        && CLOSING.containsKey(closing.getKey())) {
                    Thread.onSpinWait(); // close(2) takes the descriptor away first and waits, if at all, afterwards
                }
            }
            return builder.start();
        }
    }

    /** close(2), while no child has a copy of the descriptor. */
    public static int close(int fd) {
        Optional<Path> target;
        synchronized (STARTING) {
            target = target(fd);
            target.ifPresent(path -> CLOSING.put(fd, path));
        }
        try {
            return Syscalls.close(fd);
        } finally {
            target.ifPresent(path -> CLOSING.remove(fd, path));
        }
    }

    private static Optional<Path> target(int fd) {
        try {
            return Optional.of(Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)));
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
