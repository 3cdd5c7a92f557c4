package io.tcplab.loadgen.run;

import io.tcplab.kernel.host.ProcessTree;
import io.tcplab.kernel.namespace.GuardedProgram;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.Signal;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.OwnServer;
import io.tcplab.loadgen.watch.ServerProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A server of the user's that lives as long as the run, on the server's side. It and its children are gone when it is closed. */
final class StagedServer implements TargetUnderTest {

    private final OwnServer plan;
    private final Path directory;
    private final boolean fresh;
    private final ServerPlace place;
    private final InetSocketAddress address;
    private final ProgramWatch watch = new ProgramWatch();

    /** What runs now, or ran last; written under this object's lock, volatile for those who only look. */
    private volatile GuardedProgram program;

    /** Whether an action has ended it: then its end is no fault of its own. */
    private boolean stopped;

    private StagedServer(
            OwnServer plan,
            ServerPlace place,
            Path directory,
            boolean fresh,
            GuardedProgram program,
            InetSocketAddress address) {
        this.plan = plan;
        this.place = place;
        this.directory = directory;
        this.fresh = fresh;
        this.program = program;
        this.address = address;
        watch.follow(watched(program));
    }

    /** Starts it and returns once it is ready; throws, and leaves nothing of it, once {@code interrupted}. */
    static StagedServer start(OwnServer plan, ServerPlace place, BooleanSupplier interrupted) throws CannotRun {
        if (plan.command().isEmpty()) {
            throw new CannotRun(
                    "server.image is started in a container: add --isolate docker, or give server.command.");
        }
        ServerStart start = new ServerStart(plan, place, true, interrupted);
        start.refuseTakenPort();
        Path directory = directory(plan);
        boolean fresh = plan.directory() == null;
        GuardedProgram program = null;
        StagedServer started = null;
        try {
            program = begin(plan, place, directory, start);
            started = new StagedServer(plan, place, directory, fresh, program, start.await(program));
            return started;
        } catch (IOException e) {
            throw new CannotRun("server.command cannot be started: " + e.getMessage() + ".", e);
        } finally {
            if (program != null && started == null) {
                program.close();
            }
            if (fresh && started == null) {
                remove(directory);
            }
        }
    }

    private static GuardedProgram begin(OwnServer plan, ServerPlace place, Path directory, ServerStart start)
            throws IOException {
        return GuardedProgram.start(
                new GuardedProgram.Plan(
                        plan.argv(), environment(plan, place, directory), directory, plan.directory() == null),
                place.namespace(),
                start::line);
    }

    private static Path directory(OwnServer plan) throws CannotRun {
        String asked = plan.directory();
        try {
            if (asked == null) {
                // Workers of another user than ours must reach it.
                return Files.createTempDirectory(
                        "tcplab-server-",
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            }
            Path directory = Path.of(asked).toAbsolutePath();
            if (!Files.isDirectory(directory)) {
                throw new CannotRun("server.directory is " + asked + ", which is not a directory.");
            }
            return directory;
        } catch (IOException e) {
            throw new CannotRun("No directory can be made for the server: " + e.getMessage() + ".", e);
        }
    }

    private static Map<String, String> environment(OwnServer plan, ServerPlace place, Path directory) {
        Map<String, String> environment = new HashMap<>();
        environment.put("TCPLAB_PORT", Integer.toString(plan.port()));
        environment.put("TCPLAB_ADDRESS", place.addresses().getFirst().getHostAddress());
        environment.put("TCPLAB_DIRECTORY", directory.toString());
        environment.put("TCPLAB_JAVA", System.getProperty("java.home") + "/bin/java");
        environment.putAll(plan.environment());
        return environment;
    }

    private static ProgramWatch.Watched watched(GuardedProgram program) {
        return new ProgramWatch.Watched() {
            @Override
            public Optional<ProcessTree> tree() {
                return program.tree();
            }

            @Override
            public long pid() {
                return program.pid();
            }

            @Override
            public @Nullable Integer exitCode() {
                return program.exitCode().isDone() ? program.exitCode().getNow(0) : null;
            }

            @Override
            public List<String> lastLines() {
                return program.lastLines();
            }
        };
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    /** What it printed last. */
    List<String> lastLines() {
        return program.lastLines();
    }

    /** Ends it as after the run. */
    synchronized void stop() {
        stopped = true;
        program.stop(plan.stop(), Duration.ofNanos(plan.stopTimeoutNanos()));
    }

    /** Starts it once more where it was stopped or has ended, and returns once it is ready. */
    void startAgain() throws CannotRun, IOException {
        startAgain(true);
    }

    /** The same while a load runs, whose counts are the kernel's: it is ready when it listens, and no request of ours is made. */
    void startInLoad() throws CannotRun, IOException {
        startAgain(false);
    }

    private synchronized void startAgain(boolean probes) throws CannotRun, IOException {
        if (!program.exitCode().isDone()) {
            throw new CannotRun("the server is running");
        }
        program.close();
        ServerStart start = new ServerStart(plan, place, probes, () -> false);
        program = begin(plan, place, directory, start);
        watch.follow(watched(program));
        stopped = false;
        InetSocketAddress _ = start.await(program);
    }

    /** To its first process; SIGSTOP and SIGCONT, which no program handles itself, to all of its processes. */
    Errno signal(Signal signal) {
        if (signal == Signal.STOP || signal == Signal.CONT) {
            List<Long> all = ProcessTree.pids(program.pid());
            all.forEach(pid -> {
                Errno _ = signal.send(pid);
            });
            return all.isEmpty() ? Errno.ESRCH : Errno.OK;
        }
        return program.signal(signal);
    }

    /** A command that runs where it does: in its namespaces and its directory, with its environment. */
    ProcessBuilder beside(List<String> command) throws IOException {
        List<String> inside = new ArrayList<>(program.besideIt());
        inside.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(inside).directory(directory.toFile());
        builder.environment().putAll(environment(plan, place, directory));
        return builder;
    }

    @Override
    public synchronized ServerProcess finish() {
        return watch.finish(plan.line(), !stopped);
    }

    @Override
    public synchronized void close() {
        watch.close();
        program.stop(plan.stop(), Duration.ofNanos(plan.stopTimeoutNanos()));
        if (fresh) {
            remove(directory);
        }
    }

    private static void remove(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            all.sorted((one, other) -> other.compareTo(one))
                    .forEach(path -> path.toFile().delete());
        } catch (IOException | RuntimeException _) {
            // What a server made unreadable stays in the system's directory of temporary files.
        }
    }
}
