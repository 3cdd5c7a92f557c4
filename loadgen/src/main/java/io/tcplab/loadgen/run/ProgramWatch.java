package io.tcplab.loadgen.run;

import io.tcplab.kernel.host.ProcessTree;
import io.tcplab.kernel.namespace.GuardedProgram;
import io.tcplab.loadgen.watch.ServerProcess;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Looks at what a server's processes use, twice a second, on a thread of its own. */
final class ProgramWatch implements AutoCloseable {

    private static final long INTERVAL_MILLIS = 500;

    private final GuardedProgram program;
    private final Thread thread;

    // All below is guarded by this.
    private long firstCpuNanos = -1;
    private long lastCpuNanos;
    private int processes;
    private long threads;
    private long residentBytes;
    private OptionalLong descriptors = OptionalLong.empty();
    private OptionalLong descriptorLimit = OptionalLong.empty();

    ProgramWatch(GuardedProgram program) {
        this.program = program;
        look();
        this.thread = Thread.ofPlatform().name("tcplab-server-watch").daemon().start(this::watch);
    }

    private void watch() {
        try {
            while (!program.exitCode().isDone()) {
                Thread.sleep(INTERVAL_MILLIS);
                look();
            }
        } catch (InterruptedException _) {
            // close() ends it so
        }
    }

    private synchronized void look() {
        program.tree().ifPresent(this::add);
    }

    private void add(ProcessTree tree) {
        firstCpuNanos = firstCpuNanos < 0 ? tree.cpuNanos() : firstCpuNanos;
        lastCpuNanos = Math.max(lastCpuNanos, tree.cpuNanos());
        processes = Math.max(processes, tree.processes());
        threads = Math.max(threads, tree.threads());
        residentBytes = Math.max(residentBytes, tree.residentBytes());
        if (tree.descriptors().orElse(-1) > descriptors.orElse(-1)) {
            descriptors = tree.descriptors();
            descriptorLimit = tree.descriptorLimit();
        }
    }

    /** Takes a last look and returns what was seen since it was ready. */
    synchronized ServerProcess finish(String command) {
        look();
        Integer exitCode = program.exitCode().isDone() ? program.exitCode().getNow(0) : null;
        return new ServerProcess(
                Math.max(0, lastCpuNanos - Math.max(0, firstCpuNanos)) / 1e9,
                Map.of(),
                new ServerProcess.Program(
                        command,
                        program.pid(),
                        processes,
                        threads,
                        residentBytes,
                        known(descriptors),
                        known(descriptorLimit),
                        exitCode,
                        program.lastLines()));
    }

    private static @Nullable Long known(OptionalLong figure) {
        return figure.isPresent() ? figure.getAsLong() : null;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
