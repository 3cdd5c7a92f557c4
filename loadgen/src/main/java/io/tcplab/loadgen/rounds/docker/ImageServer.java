package io.tcplab.loadgen.rounds.docker;

import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.exception.DockerException;
import io.tcplab.kernel.Printable;
import io.tcplab.kernel.host.ProcessTree;
import io.tcplab.kernel.syscall.Signal;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.OwnServer;
import io.tcplab.loadgen.plan.OwnServer.Ready;
import io.tcplab.loadgen.run.ProgramWatch;
import io.tcplab.loadgen.watch.ServerProcess;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A server of the user's in a container of its own image. An observer in a second container shares its network and its process namespace,
 * so that its listeners, its kernel's counters and its processes are seen without anything being installed in the image.
 */
final class ImageServer implements AutoCloseable {

    /** Where a command runs. */
    static final String DIRECTORY = "/tmp";

    private static final long LOOK_NANOS = 50_000_000;
    private static final int LAST_LINES = 20;
    private static final int SAID_LINES = 5;

    /** Prints the local addresses of all listening sockets, of proc_net(5): state 0A. */
    private static final List<String> LISTENERS =
            List.of("sh", "-c", "cat /proc/net/tcp /proc/net/tcp6 | awk '$4 == \"0A\" {print $2}'");

    private final OwnServer plan;
    private final CellContainer server;
    private final CellContainer observer;

    /** The one of the two in whose network and process namespace the other is. */
    private final CellContainer host;

    private final ProgramWatch watch = new ProgramWatch();

    /** Whether an action has ended it: then its end is no fault of its own. Guarded by this. */
    private boolean stopped;

    /** Whether an action has paused it; guarded by this. */
    private boolean paused;

    /** How much it had printed before its latest start: written before it is started, by whoever starts it. */
    private int saidBefore;

    private ImageServer(OwnServer plan, CellContainer server, CellContainer observer, CellContainer host) {
        this.plan = plan;
        this.server = server;
        this.observer = observer;
        this.host = host;
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
                started.refuseEnded();
            } else {
                server.run(plan, environment(plan));
                started.refuseEnded();
                observer.beside(server).serve(observe, "observing port");
            }
            observer.verify(sysctls);
            started.await();
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

    private void await() throws CannotRun {
        long began = System.nanoTime();
        while (true) {
            refuseEnded();
            List<String> listeners = listeners();
            boolean reached = listeners.stream().anyMatch(each -> !isLoopback(each));
            if (reached && isReady()) {
                return;
            }
            if (System.nanoTime() - began > plan.readyTimeoutNanos()) {
                throw new CannotRun(notReady(listeners, reached) + last() + ".");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private void refuseEnded() throws CannotRun {
        ContainerState state = server.state();
        if (!Boolean.TRUE.equals(state.getRunning())) {
            throw new CannotRun("The container of " + plan.image() + " ended with exit code " + state.getExitCodeLong()
                    + " before it was ready" + last() + ".");
        }
    }

    /** Addresses of the sockets that listen on its port, in hexadecimal as proc_net(5) has them. */
    private List<String> listeners() throws CannotRun {
        String port = String.format(Locale.ROOT, ":%04X", plan.port());
        return observer.call(LISTENERS)
                .getStdout()
                .lines()
                .filter(line -> line.endsWith(port))
                .map(line -> line.substring(0, line.length() - port.length()))
                .toList();
    }

    private static boolean isLoopback(String address) {
        return address.equals("0100007F") || address.equals("00000000000000000000000001000000");
    }

    private boolean isReady() throws CannotRun {
        return switch (plan.ready()) {
            case Ready.Connect _ -> true;
            case Ready.Log log -> server.said().indexOf(log.text(), saidBefore) >= 0;
            case Ready.Http http ->
                observer.call(List.of(
                                        "wget",
                                        "-q",
                                        "-O",
                                        "/dev/null",
                                        "http://" + address() + ":" + plan.port() + http.path()))
                                .getExitCode()
                        == 0;
        };
    }

    private String notReady(List<String> listeners, boolean reached) {
        String within = " within " + Duration.ofNanos(plan.readyTimeoutNanos()).toMillis() / 1e3 + " s";
        if (!reached) {
            return listeners.isEmpty()
                    ? "The container of " + plan.image() + " did not listen on port " + plan.port() + within
                    : "The container of " + plan.image() + " listens on port " + plan.port()
                            + " of its loopback address alone, which no other container reaches: let it listen on 0.0.0.0";
        }
        return switch (plan.ready()) {
            case Ready.Log log ->
                "The container of " + plan.image() + " did not print \"" + Printable.line(log.text()) + "\"" + within;
            case Ready.Http http ->
                "The container of " + plan.image() + " did not answer GET " + http.path() + " with a status below 400"
                        + within;
            case Ready.Connect _ -> "The container of " + plan.image() + " was not ready" + within;
        };
    }

    private String last() {
        List<String> lines = lastLines(SAID_LINES);
        return lines.isEmpty()
                ? " and printed nothing"
                : "; it printed: " + lines.stream().map(Printable::line).collect(Collectors.joining(" / "));
    }

    private List<String> lastLines(int atMost) {
        List<String> lines = server.said().lines().toList();
        return lines.subList(Math.max(0, lines.size() - atMost), lines.size());
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
                return ImageServer.this.lastLines(LAST_LINES);
            }
        };
    }

    /** Where clients in its network reach it. */
    String address() {
        return host.address();
    }

    /** Runs a command in its container, in its directory and with its environment; returns the exit code. */
    int exec(List<String> command) throws CannotRun {
        return server.call(command).getExitCode();
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
        saidBefore = server.said().length();
        server.startAgain();
        watch.follow(watched());
        stopped = false;
        await();
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
