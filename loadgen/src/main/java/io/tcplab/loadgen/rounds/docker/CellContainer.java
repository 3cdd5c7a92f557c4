package io.tcplab.loadgen.rounds.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.OwnServer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.ExecConfig;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/** How a container is made of an image that is there, with sysctls of its own, and started; nothing is pulled, published or mounted. */
final class CellContainer extends RunningContainer {

    private static final Duration START_AT_MOST = Duration.ofSeconds(60);
    private static final long LOOK_AGAIN_NANOS = 50_000_000;

    private static final List<String> IDLE = List.of("tail", "-f", "/dev/null");

    private final Map<String, String> sysctls;

    /**
     * Describes one; nothing is made yet.
     *
     * @param role for its name and for sentences, {@code target} or {@code generator}
     * @param sysctls set by the engine when it is created
     */
    CellContainer(Engine engine, String image, String role, Map<String, String> sysctls) {
        super(engine, role, new GenericContainer<>(DockerImageName.parse(image)).withImagePullPolicy(_ -> false));
        this.sysctls = sysctls;
        container.withCreateContainerCmdModifier(this::prepare);
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
            if (isKilled() || !container.isRunning() || System.nanoTime() > end) {
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
        sysctls().verify(sysctls);
    }

    private void launch() throws CannotRun {
        if (isKilled()) {
            throw new CannotRun("Interrupted.");
        }
        try {
            container.start();
        } catch (ContainerLaunchException e) {
            throw Engine.notStarted(role, sysctls, e);
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
}
