package io.tcplab.loadgen.rounds.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import io.tcplab.kernel.host.Sysctl;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.OwnServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.ExecConfig;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/** A container of the image that is there, with sysctls of its own; nothing is pulled, published or mounted. */
final class CellContainer implements AutoCloseable {

    private static final Duration START_AT_MOST = Duration.ofSeconds(60);
    private static final long LOOK_AGAIN_NANOS = 50_000_000;

    private static final List<String> IDLE = List.of("tail", "-f", "/dev/null");

    /** Prints KEY=VALUE for each key of the arguments that this namespace has. */
    private static final String READ_SYSCTLS =
            "for key; do file=/proc/sys/$(echo \"$key\" | tr . /); [ ! -r \"$file\" ] ||"
                    + " echo \"$key=$(tr '\\t' ' ' < \"$file\")\"; done";

    private final Engine engine;
    private final String role;
    private final Map<String, String> sysctls;
    private final GenericContainer<?> container;

    /** Set when it is no longer wanted; volatile: whoever is about to start it must see it. */
    private volatile boolean killed;

    /**
     * Describes one; nothing is made yet.
     *
     * @param role for its name and for sentences, {@code target} or {@code generator}
     * @param sysctls set by the engine when it is created
     */
    CellContainer(Engine engine, String image, String role, Map<String, String> sysctls) {
        this.engine = engine;
        this.role = role;
        this.sysctls = sysctls;
        this.container = new GenericContainer<>(DockerImageName.parse(image))
                .withImagePullPolicy(_ -> false)
                .withCreateContainerCmdModifier(this::prepare);
    }

    private void prepare(CreateContainerCmd command) {
        Map<String, String> labels = new HashMap<>(Owner.labels());
        if (command.getLabels() != null) {
            labels.putAll(command.getLabels());
        }
        HostConfig host = Objects.requireNonNullElseGet(command.getHostConfig(), HostConfig::newHostConfig);
        command.withName("tcplab-" + role + "-" + UUID.randomUUID().toString().substring(0, 8))
                .withLabels(labels)
                // A check each second would cost the CPU time that is measured.
                .withHealthcheck(new HealthCheck().withTest(List.of("NONE")))
                .withHostConfig(host.withSysctls(sysctls));
    }

    CellContainer in(CellNetwork network) {
        container.withNetwork(network.network());
        return this;
    }

    /** Loopback alone. */
    CellContainer withoutNetwork() {
        container.withNetworkMode("none");
        return this;
    }

    CellContainer with(String path, String text) {
        container.withCopyToContainer(Transferable.of(text), path);
        return this;
    }

    /** In the network and the process namespace of another one. */
    CellContainer beside(CellContainer other) {
        String place = "container:" + other.container.getContainerId();
        container.withNetworkMode(place);
        container.withCreateContainerCmdModifier(command -> {
            HostConfig host = Objects.requireNonNullElseGet(command.getHostConfig(), HostConfig::newHostConfig);
            command.withHostConfig(host.withPidMode(place));
        });
        return this;
    }

    /**
     * Starts somebody's program in it and looks no further: whether it is ready, and the sysctls, are its starter's to see. A text for a
     * shell takes the place of the image's entry point, a list that of its arguments; without either, the image does what it does.
     */
    void run(OwnServer plan, Map<String, String> environment) throws CannotRun {
        container.withEnv(environment).withStartupCheckStrategy(new StartupCheckStrategy() {
            @Override
            public StartupStatus checkStartupState(DockerClient client, String id) {
                return StartupStatus.SUCCESSFUL;
            }
        });
        container.withCreateContainerCmdModifier(command -> {
            command.withStopSignal(plan.stop().fullName());
            if (plan.shell()) {
                command.withEntrypoint("sh", "-c").withCmd(plan.command());
            } else if (!plan.command().isEmpty()) {
                command.withCmd(plan.command());
            }
            String directory = plan.directory();
            if (directory != null || !plan.command().isEmpty()) {
                command.withWorkingDir(directory == null ? ImageServer.DIRECTORY : directory);
            }
        });
        launch();
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
    InspectContainerResponse.ContainerState state() {
        return engine.client()
                .inspectContainerCmd(container.getContainerId())
                .exec()
                .getState();
    }

    /** What it has printed. */
    String said() {
        return container.getLogs();
    }

    /** Starts a command of tcplab in it; returns once it has printed this. */
    void serve(List<String> arguments, String ready) throws CannotRun {
        container.withCommand(arguments.toArray(new String[0]));
        start();
        awaitLine(ready);
    }

    private void awaitLine(String ready) throws CannotRun {
        long end = System.nanoTime() + START_AT_MOST.toNanos();
        String said = container.getLogs();
        while (!said.contains(ready)) {
            if (killed || !container.isRunning() || System.nanoTime() > end) {
                throw new CannotRun("The " + role + " does not listen: " + said.strip());
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
            said = container.getLogs();
        }
    }

    /** Starts it with nothing to do but what {@link #call} says. */
    void idle() throws CannotRun {
        idle(List.of());
    }

    /** As {@link #idle()}, with these addresses of its network beside its own; only who may administer its network can add them. */
    void idle(List<String> addresses) throws CannotRun {
        container.withCreateContainerCmdModifier(command -> {
            command.withEntrypoint(IDLE).withCmd();
            HostConfig host = command.getHostConfig();
            if (host != null && !addresses.isEmpty()) {
                command.withHostConfig(host.withCapAdd(Capability.NET_ADMIN));
            }
        });
        start();
        for (String address : addresses) {
            addAddress(address);
        }
    }

    private void start() throws CannotRun {
        launch();
        verify(sysctls);
    }

    private void launch() throws CannotRun {
        if (killed) {
            throw new CannotRun("Interrupted.");
        }
        try {
            container.start();
        } catch (ContainerLaunchException e) {
            throw Engine.notStarted(role, sysctls, e);
        }
    }

    /** What was asked for must be what is read inside. */
    void verify(Map<String, String> asked) throws CannotRun {
        Map<String, String> readBack = sysctls(asked.keySet());
        for (Map.Entry<String, String> each : asked.entrySet()) {
            String now = readBack.getOrDefault(each.getKey(), "absent");
            if (!Sysctl.normalise(now).equals(Sysctl.normalise(each.getValue()))) {
                throw new CannotRun("The sysctl " + each.getKey() + " was set to " + each.getValue() + " but the "
                        + role + "'s container reads " + now + ": this kernel does not accept that value.");
            }
        }
    }

    /** Reads these sysctls inside; those that it lacks have no entry. */
    Map<String, String> sysctls(Collection<String> keys) throws CannotRun {
        Map<String, String> values = new HashMap<>();
        if (keys.isEmpty()) {
            return values;
        }
        List<String> command = new ArrayList<>(List.of("sh", "-c", READ_SYSCTLS, "sysctls"));
        command.addAll(keys);
        call(command).getStdout().lines().forEach(line -> {
            int equals = line.indexOf('=');
            values.put(line.substring(0, equals), line.substring(equals + 1));
        });
        return values;
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

    private void addAddress(String address) throws CannotRun {
        ExecResult result = call(ExecConfig.builder()
                .user("0")
                .command(new String[] {"ip", "addr", "add", address + "/24", "dev", "eth0"})
                .build());
        if (result.getExitCode() != 0) {
            throw new CannotRun("The generator's container gets no address " + address + ": "
                    + (result.getStderr() + result.getStdout()).strip() + ".");
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

    /** Removes it. */
    @Override
    public void close() {
        container.stop();
    }
}
