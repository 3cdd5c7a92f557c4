package io.tcplab.loadgen.rounds.docker;

import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.exception.DockerException;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.OwnServer;
import io.tcplab.loadgen.run.StartedServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.ExecConfig;
import org.testcontainers.containers.GenericContainer;

/** What can be done to a container that was started: commands in it, signals to it, its end; and what it shows of itself. */
abstract class RunningContainer implements AutoCloseable {

    private static final int LAST_LINES = 20;

    final GenericContainer<?> container;

    /** For sentences. */
    final String role;

    private final Engine engine;

    /** Set when it is no longer wanted; volatile: whoever is about to start it must see it. */
    private volatile boolean killed;

    RunningContainer(Engine engine, String role, GenericContainer<?> container) {
        this.engine = engine;
        this.role = role;
        this.container = container;
    }

    /** Asks what runs in it to end, and kills it after so long. */
    void stop(Duration atMost) {
        String id = container.getContainerId();
        if (id != null) {
            try {
                engine.client()
                        .stopContainerCmd(id)
                        .withTimeout((int) Math.ceil(atMost.toMillis() / 1e3))
                        .exec();
            } catch (DockerException _) {
                // It has ended by itself.
            }
        }
    }

    /** Starts what has ended once more, in the same namespaces. */
    void startAgain() throws CannotRun {
        try {
            engine.client().startContainerCmd(container.getContainerId()).exec();
        } catch (DockerException e) {
            throw Engine.refused("Docker does not start the " + role + " again", e);
        }
    }

    /** Sends its first process a signal, by its name. */
    void signal(String name) throws CannotRun {
        try {
            engine.client()
                    .killContainerCmd(container.getContainerId())
                    .withSignal(name)
                    .exec();
        } catch (DockerException e) {
            throw Engine.refused("Docker does not send the " + role + " " + name, e);
        }
    }

    /** Lets none of its processes go on (cgroups(7), freezer); throws what the engine says where it cannot. */
    void pause() {
        engine.client().pauseContainerCmd(container.getContainerId()).exec();
    }

    void unpause() {
        engine.client().unpauseContainerCmd(container.getContainerId()).exec();
    }

    /** What its first process is, as the host sees it, or how it ended. */
    ContainerState state() {
        return engine.client()
                .inspectContainerCmd(container.getContainerId())
                .exec()
                .getState();
    }

    /** All that it has printed, which may be much: only while a line is waited for. */
    String said() {
        return container.getLogs();
    }

    /** The last of what it has printed, however much that is. */
    List<String> lastLines(int atMost) {
        try (Printed last = engine.client()
                .logContainerCmd(container.getContainerId())
                .withStdOut(true)
                .withStdErr(true)
                .withTail(atMost)
                .exec(new Printed())) {
            last.awaitCompletion();
            List<String> lines = last.lines();
            return lines.subList(Math.max(0, lines.size() - atMost), lines.size());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How a sentence about its end goes on: with the last of what it has printed. */
    String printed() {
        return StartedServer.printed(lastLines(LAST_LINES));
    }

    /** Throws where the server that was started in it has ended. */
    void refuseEnded(OwnServer plan) throws CannotRun {
        ContainerState state = state();
        if (!Boolean.TRUE.equals(state.getRunning())) {
            throw new CannotRun("The container of " + plan.image() + " ended with exit code " + state.getExitCodeLong()
                    + " before it was ready" + printed() + ".");
        }
    }

    /** The sysctls of its network namespace. */
    ContainerSysctls sysctls() {
        return new ContainerSysctls(this);
    }

    /** Runs a command inside and waits for its end. */
    ExecResult call(List<String> command) throws CannotRun {
        return call(ExecConfig.builder().command(command.toArray(new String[0])).build());
    }

    ExecResult call(ExecConfig command) throws CannotRun {
        try {
            return container.execInContainer(command);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotRun("Interrupted.", e);
        } catch (IOException | RuntimeException e) {
            throw Engine.refused("The " + role + "'s container does not run " + command.getCommand()[0], e);
        }
    }

    /** How a command inside ended, and what it said on stderr. */
    record Ended(int exitCode, String stderr) {}

    /** Runs a command inside, with one more variable in its environment, hands on each line of its stdout, and waits for its end. */
    Ended call(List<String> command, String variable, Consumer<String> eachLine) throws CannotRun {
        try {
            String id = engine.client()
                    .execCreateCmd(container.getContainerId())
                    .withCmd(command.toArray(new String[0]))
                    .withEnv(List.of(variable))
                    .withAttachStdout(true)
                    .withAttachStderr(true)
                    .exec()
                    .getId();
            try (Spoken spoken = engine.client().execStartCmd(id).exec(new Spoken(eachLine))) {
                spoken.awaitCompletion();
                Long code = engine.client().inspectExecCmd(id).exec().getExitCodeLong();
                return new Ended(code == null ? -1 : code.intValue(), spoken.stderr());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotRun("Interrupted.", e);
        } catch (IOException | RuntimeException e) {
            throw Engine.refused("The " + role + "'s container does not run " + command.getFirst(), e);
        }
    }

    /** Sends SIGINT to the Java program in it; false where there is none. */
    boolean endJava() {
        try {
            return call(List.of("sh", "-c", "kill -INT $(pidof java)")).getExitCode() == 0;
        } catch (CannotRun _) {
            return false;
        }
    }

    /** Its address in its network. */
    String address() {
        return container.getContainerInfo().getNetworkSettings().getNetworks().values().stream()
                .map(network -> String.valueOf(network.getIpAddress()))
                .findFirst()
                .orElseThrow();
    }

    /** Copies a file of it to the host, as a file of the user who runs this; one that is not there is left out. */
    void take(String path, Path to) throws CannotRun {
        try {
            Long _ = container.copyFileFromContainer(
                    path, (InputStream in) -> Files.copy(in, to, StandardCopyOption.REPLACE_EXISTING));
        } catch (RuntimeException e) {
            throw Engine.refused("The " + role + "'s container does not give " + path, e);
        }
    }

    /** Ends what runs in it at once, whoever waits for it. */
    void kill() {
        killed = true;
        String id = container.getContainerId();
        if (id != null) {
            try {
                engine.client().killContainerCmd(id).exec();
            } catch (DockerException _) {
                // It has ended by itself.
            }
        }
    }

    boolean isKilled() {
        return killed;
    }

    /** Removes it. Testcontainers would ask the engine once, and keep to itself that it was refused. */
    @Override
    public void close() {
        String id = container.getContainerId();
        if (id != null) {
            engine.removeContainer(id);
        }
        container.stop();
    }
}
