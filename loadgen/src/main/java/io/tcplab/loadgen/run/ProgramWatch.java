package io.tcplab.loadgen.run;

import io.tcplab.kernel.host.ProcessTree;
import io.tcplab.loadgen.watch.ServerProcess;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Looks at what a server's processes use, twice a second, on a thread of its own. */
public final class ProgramWatch implements AutoCloseable {

    private static final long INTERVAL_MILLIS = 500;

    /** A server's processes. */
    public interface Watched {

        /** What they use now; empty where they have ended or are not visible. */
        Optional<ProcessTree> tree();

        /** The first one's id. */
        long pid();

        /** How that one ended; absent = it runs. */
        @Nullable
        Integer exitCode();

        /** The last that they printed. */
        List<String> lastLines();
    }

    private final Thread thread =
            Thread.ofPlatform().name("tcplab-server-watch").daemon().unstarted(this::watch);

    // All below is guarded by this.
    private @Nullable Watched program;
    private long firstCpuNanos;
    private long lastCpuNanos;
    private long earlierCpuNanos;
    private int processes;
    private long threads;
    private long residentBytes;
    private OptionalLong descriptors = OptionalLong.empty();
    private OptionalLong descriptorLimit = OptionalLong.empty();

    /** From now on this program is looked at; what those before it used stays counted. */
    public synchronized void follow(Watched another) {
        earlierCpuNanos += lastCpuNanos - firstCpuNanos;
        program = another;
        firstCpuNanos = another.tree().map(ProcessTree::cpuNanos).orElse(0L);
        lastCpuNanos = firstCpuNanos;
        look();
        if (thread.getState() == Thread.State.NEW) {
            thread.start();
        }
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(INTERVAL_MILLIS);
                look();
            }
        } catch (InterruptedException _) {
            // close() ends it so
        }
    }

    private synchronized void look() {
        if (program != null) {
            program.tree().ifPresent(this::add);
        }
    }

    private void add(ProcessTree tree) {
        lastCpuNanos = Math.max(lastCpuNanos, tree.cpuNanos());
        processes = Math.max(processes, tree.processes());
        threads = Math.max(threads, tree.threads());
        residentBytes = Math.max(residentBytes, tree.residentBytes());
        if (tree.descriptors().orElse(-1) > descriptors.orElse(-1)) {
            descriptors = tree.descriptors();
            descriptorLimit = tree.descriptorLimit();
        }
    }

    /** Takes a last look and returns what was seen since it was ready; an exit code only where its end is {@code itsOwn}. */
    public synchronized ServerProcess finish(String command, boolean itsOwn) {
        look();
        Watched last = Objects.requireNonNull(program);
        Integer exitCode = itsOwn ? last.exitCode() : null;
        return new ServerProcess(
                (earlierCpuNanos + lastCpuNanos - firstCpuNanos) / 1e9,
                Map.of(),
                new ServerProcess.Program(
                        command,
                        last.pid(),
                        processes,
                        threads,
                        residentBytes,
                        known(descriptors),
                        known(descriptorLimit),
                        exitCode,
                        last.lastLines()));
    }

    private static @Nullable Long known(OptionalLong figure) {
        return figure.isPresent() ? figure.getAsLong() : null;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
