package io.tcplab.kernel.namespace;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.Forks;
import io.tcplab.kernel.syscall.Syscalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A network namespace that lives as long as one thread of this process, which is parked in it and runs what it is given.
 *
 * <p>Every platform thread started from inside {@link #call} is born in the namespace; sockets belong to it for ever. The kernel
 * takes it away when the last thread, process and socket in it is gone, so that nothing is left behind however the process ends
 * (network_namespaces(7)). Needs CAP_SYS_ADMIN: see {@link UserNamespace}.
 *
 * <p>Any thread may call; what is given runs one after the other.
 */
public final class NetworkNamespace implements AutoCloseable {
    private static final int O_RDONLY = 0;

    private final String name;
    private final Thread owner;
    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> ready = new CompletableFuture<>();
    private String path = "";

    // The owner reads it after each task; close() writes it.
    private volatile boolean closed;

    /** One that exists already; empty = a new one is made. */
    private final Optional<Path> joined;

    private NetworkNamespace(String name, Optional<Path> joined) {
        this.name = name;
        this.joined = joined;
        this.owner = Thread.ofPlatform().name("netns-" + name).daemon(true).unstarted(this::live);
    }

    /** Makes a namespace that has only lo, which is up. Throws NamespaceRefused with the errno if not permitted. */
    public static NetworkNamespace create(String name) throws IOException {
        return begin(new NetworkNamespace(name, Optional.empty()));
    }

    /**
     * Enters a namespace that exists, such as {@code /proc/PID/ns/net} or {@code /run/netns/NAME}; nothing of it is changed. Needs
     * CAP_SYS_ADMIN in our user namespace and in the one that owns it (setns(2)). Throws NamespaceRefused with the errno if not permitted.
     */
    public static NetworkNamespace join(String name, Path path) throws IOException {
        return begin(new NetworkNamespace(name, Optional.of(path)));
    }

    private static NetworkNamespace begin(NetworkNamespace namespace) throws IOException {
        namespace.owner.start();
        try {
            namespace.path = namespace.ready.get();
            return namespace;
        } catch (ExecutionException e) {
            throw new NamespaceRefused(String.valueOf(cause(e).getMessage()));
        } catch (InterruptedException e) {
            namespace.close();
            Thread.currentThread().interrupt();
            throw new NamespaceRefused("interrupted while making a network namespace");
        }
    }

    private void live() {
        try {
            if (joined.isPresent()) {
                enter(joined.get().toString());
            } else {
                make();
            }
        } catch (NamespaceRefused e) {
            ready.completeExceptionally(e);
            return;
        }
        ready.complete("/proc/" + ProcessHandle.current().pid() + "/task/" + Syscalls.gettid() + "/ns/net");
        while (!closed) {
            runNext();
        }
    }

    private static void make() throws NamespaceRefused {
        Errno errno = Errno.ofResult(Syscalls.unshare(Syscalls.CLONE_NEWNET));
        if (!errno.ok()) {
            throw new NamespaceRefused("unshare(CLONE_NEWNET): " + errno);
        }
        Errno up = LinkUp.up("lo");
        if (!up.ok()) {
            throw new NamespaceRefused("cannot bring lo up: " + up);
        }
    }

    private void runNext() {
        try {
            tasks.take().run();
        } catch (InterruptedException _) {
            // Only close() interrupts this thread, and it says so in the flag.
        }
    }

    /** The name it was made with. */
    public String name() {
        return name;
    }

    /** A path that stands for it while it lives, as {@code ip link set DEV netns PATH} and nsenter(1) take it. */
    public String path() {
        return path;
    }

    /** Runs {@code work} on the namespace's own thread and returns what it returned, or throws what it threw. */
    public <T> T call(Callable<T> work) throws Exception {
        if (closed) {
            throw new IllegalStateException("namespace " + name + " is closed");
        }
        if (owner.equals(Thread.currentThread())) {
            return work.call();
        }
        FutureTask<T> task = new FutureTask<>(work);
        tasks.add(task);
        if (closed) {
            task.cancel(false); // close() may have looked before it was there
        }
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw cause(e);
        }
    }

    /** What {@link #call} takes when there is nothing to return. */
    public interface Work {
        /** Runs inside the namespace. */
        void run() throws Exception;
    }

    /** As {@link #call}, for work that returns nothing. */
    public void run(Work work) throws Exception {
        Boolean _ = call(() -> {
            work.run();
            return true;
        });
    }

    /**
     * Starts a process in this namespace, by nsenter(1), which replaces itself by the program and so leaves its pid. Not
     * from the namespace's thread: the JVM's own thread that waits for a process is born where the process is started,
     * is kept for later ones, and would keep the namespace too.
     */
    public Process start(ProcessBuilder builder) throws IOException {
        List<String> command = builder.command();
        List<String> inside = new ArrayList<>(commandPrefix());
        inside.addAll(command);
        try {
            return Forks.start(builder.command(inside));
        } finally {
            builder.command(command);
        }
    }

    /** What goes in front of a command line so that it runs in this namespace, with the same pid (nsenter(1)). */
    public List<String> commandPrefix() throws IOException {
        String nsenter = Programs.find("nsenter")
                .orElseThrow(() -> new NamespaceRefused("nsenter is missing; install util-linux"));
        return List.of(nsenter, "--net=" + path, "--");
    }

    /** Moves the calling platform thread into this namespace for the rest of its life (setns(2)). */
    public void enter() throws IOException {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("a virtual thread has no namespace of its own");
        }
        enter(path);
    }

    private static void enter(String path) throws NamespaceRefused {
        int fd = Syscalls.open(path, O_RDONLY);
        Errno errno = fd < 0 ? Errno.ofResult(fd) : Errno.ofResult(Syscalls.setns(fd, Syscalls.CLONE_NEWNET));
        if (fd >= 0) {
            Errno.ofResult(Syscalls.close(fd));
        }
        if (!errno.ok()) {
            throw new NamespaceRefused("cannot enter network namespace " + path + ": " + errno);
        }
    }

    private static Exception cause(ExecutionException e) {
        return switch (e.getCause()) {
            case Exception exception -> exception;
            case Error error -> throw error;
            case null, default -> e;
        };
    }

    /** Ends the thread that keeps the namespace; threads, processes and sockets in it keep it alive until they end. */
    @Override
    public void close() {
        closed = true;
        owner.interrupt();
        tasks.forEach(task -> {
            if (task instanceof FutureTask<?> future) {
                future.cancel(false);
            }
        });
        if (!owner.equals(Thread.currentThread())) {
            joinOwner();
        }
    }

    private void joinOwner() {
        try {
            owner.join(5_000);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
