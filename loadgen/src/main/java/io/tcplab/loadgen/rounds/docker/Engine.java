package io.tcplab.loadgen.rounds.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.RemoveContainerCmd;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Network;
import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.loadgen.plan.CannotRun;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.utility.ResourceReaper;

/** The Docker engine of this host, as Testcontainers finds it. What Testcontainers would fetch from a registry is switched off. */
final class Engine {

    /** Names the way that needs no engine. */
    static final String INSTEAD = "--isolate netns needs no Docker and gives the same verdicts";

    private static final Pattern IN_A_SYSCTL = Pattern.compile("(open|write) /proc/sys/(net/\\S+): ([a-z ]+)");

    /**
     * Testcontainers reads these from the environment alone. Ryuk, its own cleaner, is a container of an image that is not here: we
     * remove what we made. The host's name is only needed for published ports, of which we have none.
     */
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "TESTCONTAINERS_RYUK_DISABLED", "true",
            "TESTCONTAINERS_HOST_OVERRIDE", "localhost",
            "TESTCONTAINERS_CHECKS_DISABLE", "true");

    /** How long the engine is asked again to remove something: what it kills has ten seconds to end, and then it gives up with an error. */
    private static final long REMOVE_NANOS = 30_000_000_000L;

    private static final long ASK_AGAIN_NANOS = 200_000_000;

    private final DockerClient client;

    Engine(DockerClient client) {
        this.client = client;
    }

    /** Finds it; where its environment is not as Testcontainers needs it, this process first replaces itself. */
    static Engine find() throws CannotRun {
        String host = EngineHost.find(System.getenv());
        Map<String, String> environment = new HashMap<>(ENVIRONMENT);
        environment.put("DOCKER_HOST", host); // what is named is not noted down in the user's home
        try {
            UserNamespace.reexecWith(environment);
        } catch (IOException e) {
            throw new CannotRun("Docker cannot be used: " + e.getMessage() + "; " + INSTEAD + ".", e);
        }
        for (String logger : List.of("org.testcontainers", "tc", "com.github.dockerjava")) {
            System.setProperty("org.slf4j.simpleLogger.log." + logger, "off"); // errors are our sentences
        }
        try {
            keepWhatRunsAtASignal();
            Engine engine = new Engine(DockerClientFactory.instance().client());
            engine.removeAbandoned();
            return engine;
        } catch (IllegalStateException e) {
            throw new CannotRun("What answers at " + host + " is no Docker engine for us; " + INSTEAD + ".", e);
        } catch (DockerException e) {
            throw refused("Docker cannot be used", e);
        }
    }

    /**
     * At a signal Testcontainers would remove every container at once, and with it the partial result that is still to be fetched: its
     * hook is said to be set already. There is no option for it; where a later release has another field, a signal loses that result.
     */
    private static void keepWhatRunsAtASignal() {
        try {
            Field hookIsSet = ResourceReaper.class.getDeclaredField("hookIsSet");
            hookIsSet.setAccessible(true);
            ((AtomicBoolean) hookIsSet.get(ResourceReaper.instance())).set(true);
        } catch (ReflectiveOperationException | ClassCastException _) {
            // Then it is set.
        }
    }

    DockerClient client() {
        return client;
    }

    /** The label of a local image, "" where it has none; {@code null} where there is no such image. */
    @Nullable
    String imageLabel(String image, String label) throws CannotRun {
        try {
            var config = client.inspectImageCmd(image).exec().getConfig();
            Map<String, String> labels = config == null ? null : config.getLabels();
            return labels == null ? "" : labels.getOrDefault(label, "");
        } catch (NotFoundException _) {
            return null;
        } catch (DockerException e) {
            throw refused("Docker cannot be asked for the image " + image, e);
        }
    }

    /** Removes containers and networks whose process was killed before it could. */
    private void removeAbandoned() {
        for (Container container : client.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(List.of(Owner.LABEL))
                .exec()) {
            if (Owner.isGone(container.getLabels().getOrDefault(Owner.LABEL, ""))) {
                boolean _ = isDone(removal(container.getId())::exec);
            }
        }
        for (Network network : client.listNetworksCmd().exec()) {
            Map<String, String> labels = network.getLabels();
            if (labels != null && Owner.isGone(labels.getOrDefault(Owner.LABEL, ""))) {
                boolean _ = isDone(client.removeNetworkCmd(network.getId())::exec); // one in use is not ours to remove
            }
        }
    }

    /** Kills what runs in a container and removes it. What is still there after half a minute is left to {@link #removeAbandoned}. */
    void removeContainer(String id) {
        insist(removal(id)::exec);
    }

    private RemoveContainerCmd removal(String id) {
        return client.removeContainerCmd(id).withForce(true).withRemoveVolumes(true);
    }

    /** The same of a network, which must be empty. */
    void removeNetwork(String id) {
        insist(client.removeNetworkCmd(id)::exec);
    }

    private static void insist(Runnable removal) {
        boolean interrupted = Thread.interrupted(); // no call gets through to the engine from an interrupted thread
        long end = System.nanoTime() + REMOVE_NANOS;
        while (!isDone(removal) && System.nanoTime() < end) {
            LockSupport.parkNanos(ASK_AGAIN_NANOS);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isDone(Runnable removal) {
        try {
            removal.run();
            return true;
        } catch (NotFoundException _) {
            return true;
        } catch (RuntimeException _) {
            return false; // the engine is busy with it, or cannot be reached at the moment
        }
    }

    /** The engine's own words in a sentence that names the other way. */
    static CannotRun refused(String what, Exception e) {
        return new CannotRun(what + ": " + reason(e) + "; " + INSTEAD + ".", e);
    }

    /** The engine's words about a setting in ours; other words stay as they are. */
    static CannotRun notStarted(String role, Map<String, String> sysctls, Exception e) {
        Matcher sysctl = IN_A_SYSCTL.matcher(reason(e));
        if (!sysctl.find()) {
            String asked = sysctls.isEmpty() ? "" : " with the sysctls " + sysctls;
            return refused("Docker does not start the " + role + asked, e);
        }
        String key = sysctl.group(2).replace('/', '.');
        String why = sysctl.group(1).equals("write")
                ? "this kernel does not accept that value"
                : sysctl.group(3).startsWith("permission")
                        ? "it is one for the whole host, and no container's to change"
                        : "this kernel has no such key in a network namespace";
        return new CannotRun(
                "Docker refuses " + key + "=" + sysctls.get(key) + " for the " + role + ": " + why + " ("
                        + sysctl.group() + ").",
                e);
    }

    /** The innermost message, without the JSON and the line ends around it. */
    private static String reason(Throwable e) {
        Throwable innermost = e;
        while (innermost.getCause() != null && !(innermost instanceof DockerException)) {
            innermost = innermost.getCause();
        }
        String message = String.valueOf(innermost.getMessage());
        return message.replaceFirst("(?s)^Status \\d+: ", "")
                .replaceFirst("(?s)^\\{\"message\":\"(.*)\"}\\s*$", "$1")
                .replace("\\\"", "\"")
                .replaceAll("\\s+", " ")
                .strip();
    }
}
