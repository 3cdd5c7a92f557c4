package io.tcplab.loadgen.rounds.docker;

import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.exception.DockerException;
import io.tcplab.kernel.host.ProcessTree;
import io.tcplab.kernel.syscall.Signal;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.OwnServer;
import io.tcplab.loadgen.plan.OwnServer.Ready;
import io.tcplab.loadgen.run.ActionCommand;
import io.tcplab.loadgen.run.ProgramWatch;
import io.tcplab.loadgen.watch.ServerProcess;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.Container.ExecResult;

/**
 * A server of the user's in a container of its own image. An observer in a second container shares its network and its process namespace,
 * so that its listeners, its kernel's counters and its processes are seen without anything being installed in the image.
 */
final class ImageServer implements AutoCloseable {

    /** Where a command runs. */
    static final String DIRECTORY = "/tmp";

    private static final int LAST_LINES = 20;

    private final OwnServer plan;
    private final CellContainer server;
    private final CellContainer observer;

    /** The one of the two in whose network and process namespace the other is. */
    private final CellContainer host;

    private final ImageReadiness readiness;
    private final ProgramWatch watch = new ProgramWatch();

    /** Whether an action has ended it: then its end is no fault of its own. Guarded by this. */
    private boolean stopped;

    /** Whether an action has paused it; guarded by this. */
    private boolean paused;

    private ImageServer(OwnServer plan, CellContainer server, CellContainer observer, CellContainer host) {
        this.plan = plan;
        this.server = server;
        this.observer = observer;
        this.host = host;
        this.readiness = new ImageReadiness(plan, server, observer, host);
    }

    /**
     * Starts both containers, the observer with the command {@code observe}; returns once the server is ready. {@code host} is the one of
     * the two that has the namespaces, and that the sysctls were set for: the server's own where it lives as long as the run, so that its
     * first process has id 1 as its image may require; the observer's where the server is stopped meanwhile, since the kernel ends a
     * process namespace with its first process, and its network with the last.
     */
    static ImageServer start(
            OwnServer plan,
            Map<String, String> sysctls,
            CellContainer server,
            CellContainer observer,
            CellContainer host,
            List<String> observe)
            throws CannotRun {
        ImageServer started = new ImageServer(plan, server, observer, host);
        boolean ready = false;
        try {
            if (host == observer) {
                observer.serve(observe, "observing port");
                server.beside(observer).run(plan, environment(plan));
                server.refuseEnded(plan);
            } else {
                server.run(plan, environment(plan));
                server.refuseEnded(plan);
                observer.beside(server).serve(observe, "observing port");
            }
            observer.sysctls().verify(sysctls);
            started.readiness.await(0, true);
            started.watch.follow(started.watched());
            ready = true;
            return started;
        } finally {
            if (!ready) {
                started.close();
            }
        }
    }

    /** What a server in a container of its image is told. */
    static Map<String, String> environment(OwnServer plan) {
        Map<String, String> environment = new HashMap<>();
        environment.put("TCPLAB_PORT", Integer.toString(plan.port()));
        environment.put("TCPLAB_ADDRESS", "0.0.0.0");
        environment.put("TCPLAB_DIRECTORY", DIRECTORY);
        environment.putAll(plan.environment());
        return environment;
    }

    /** Its processes as this host sees them; an engine on another host shows none. */
    private ProgramWatch.Watched watched() {
        Long pid = server.state().getPidLong();
        return new ProgramWatch.Watched() {
            @Override
            public Optional<ProcessTree> tree() {
                return ProcessTree.of(pid());
            }

            @Override
            public long pid() {
                return pid == null ? 0 : pid;
            }

            @Override
            public @Nullable Integer exitCode() {
                ContainerState state = server.state();
                Long code = state.getExitCodeLong();
                return Boolean.TRUE.equals(state.getRunning()) || code == null ? null : code.intValue();
            }

            @Override
            public List<String> lastLines() {
                return server.lastLines(LAST_LINES);
            }
        };
    }

    /** Where clients in its network reach it. */
    String address() {
        return host.address();
    }

    /** Runs a command in its container, in its directory and with its environment; returns how it ended. */
    ActionCommand.Ended exec(List<String> command) throws CannotRun {
        ExecResult result = server.call(command);
        String last = (result.getStdout() + "\n" + result.getStderr())
                .lines()
                .filter(line -> !line.isBlank())
                .reduce("", (_, later) -> later);
        return ActionCommand.Ended.of(result.getExitCode(), last);
    }

    /** Sends its first process a signal. */
    void signal(Signal signal) throws CannotRun {
        server.signal(signal.fullName());
    }

    /** Halts all of its processes. */
    synchronized void pause() throws CannotRun {
        try {
            server.pause();
            paused = true;
        } catch (DockerException e) {
            throw Engine.refused("Docker does not pause the server", e);
        }
    }

    /** Lets them go on. */
    synchronized void unpause() throws CannotRun {
        try {
            server.unpause();
            paused = false;
        } catch (DockerException e) {
            throw Engine.refused("Docker does not let the server go on", e);
        }
    }

    /** Ends it as after the run. */
    synchronized void stop() {
        stopped = true;
        end();
    }

    /** Starts it once more where it was stopped or has ended, and returns once it is ready. */
    synchronized void startAgain() throws CannotRun {
        if (Boolean.TRUE.equals(server.state().getRunning())) {
            throw new CannotRun("the server is running");
        }
        int saidBefore = plan.ready() instanceof Ready.Log ? server.said().length() : 0;
        server.startAgain();
        watch.follow(watched());
        stopped = false;
        readiness.await(saidBefore, false);
    }

    /** A paused one is not reached by a signal. */
    private void end() {
        if (paused) {
            try {
                unpause();
            } catch (CannotRun _) {
                // It is killed then.
            }
        }
        server.stop(Duration.ofNanos(plan.stopTimeoutNanos()));
    }

    /** What its processes have used since it was ready. */
    synchronized ServerProcess finish() {
        return watch.finish(plan.line(), !stopped);
    }

    /** Ends it as its profile says. */
    @Override
    public synchronized void close() {
        watch.close();
        end();
        observer.close();
        server.close();
    }
}
