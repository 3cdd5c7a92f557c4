package io.tcplab.loadgen.run;

import io.tcplab.kernel.namespace.NamespaceRefused;
import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.loadgen.plan.CannotRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whose network namespace is observed.
 *
 * @param pid the one of this process; absent = not by process
 * @param netns the one of this name, as {@code ip netns} keeps them; absent = not by name
 * @param container the one of this container, by Docker's or podman's socket; absent = no container
 */
public record ObservedPlace(
        @Nullable Long pid,
        @Nullable String netns,
        @Nullable String container) {

    /** Where this process is. */
    public static final ObservedPlace HERE = new ObservedPlace(null, null, null);

    private static final Path NAMED = Path.of("/run/netns");

    public ObservedPlace {
        if (Stream.of(pid, netns, container).filter(Objects::nonNull).count() > 1) {
            throw new BadUsage("--pid, --netns and --container exclude one another.");
        }
        if (pid != null && pid < 1) {
            throw new BadUsage("--pid must be a process id.");
        }
        if (netns != null && (netns.isEmpty() || netns.contains("/"))) {
            throw new BadUsage("--netns is a name, as 'ip netns list' prints it.");
        }
    }

    /** For a reader: {@code on this host}. */
    String inWords() {
        if (container != null) {
            return "in the container " + container;
        }
        if (netns != null) {
            return "in the network namespace " + netns;
        }
        return pid == null ? "on this host" : "in the network namespace of process " + pid;
    }

    /** The process that is named, or the container's first one; absent where none is, or a namespace by its name. */
    public @Nullable Long process() throws CannotRun {
        return container == null
                ? pid
                : Long.valueOf(ContainerEngine.ofThisHost().pidOf(container));
    }

    /** What the container has printed since this second (of 1970), in lines; none where it is no container. */
    public List<String> logSince(long epochSeconds) {
        return container == null ? List.of() : ContainerEngine.ofThisHost().logSince(container, epochSeconds);
    }

    /** Enters it; {@code null} = it is the calling thread's own. */
    public @Nullable NetworkNamespace enter() throws CannotRun {
        if (netns != null) {
            Path path = NAMED.resolve(netns);
            if (!Files.exists(path)) {
                throw new CannotRun(
                        "There is no network namespace " + netns + ": 'ip netns list' prints those that have names.");
            }
            return join(netns, path);
        }
        Long process = process();
        if (process == null) {
            return null;
        }
        if (ProcessHandle.of(process).isEmpty()) {
            throw new CannotRun("There is no process " + process + ".");
        }
        if (isOurs(process)) {
            return null;
        }
        return join(
                container == null ? "pid " + process : container, Path.of("/proc", process.toString(), "ns", "net"));
    }

    /**
     * A descendant of the named process that is in another network namespace than it, in a sentence: who looks up a server may find what
     * has started it. Empty where there is none, or no process was named.
     */
    String childElsewhere() {
        if (pid == null) {
            return "";
        }
        Path named = namespaceOf(pid);
        if (named == null) {
            return "";
        }
        return ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .filter(each -> isElsewhere(namespaceOf(each.pid()), named))
                .findFirst()
                .map(each -> "process " + each.pid() + ", which process " + pid
                        + " has started, is in another network namespace: observe that with --pid " + each.pid() + "\n")
                .orElse("");
    }

    private static boolean isElsewhere(@Nullable Path own, Path named) {
        return own != null && !own.equals(named);
    }

    /** As the kernel names it; absent where that is hidden. */
    private static @Nullable Path namespaceOf(long process) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(process), "ns", "net"));
        } catch (IOException _) {
            return null;
        }
    }

    /** Nobody needs a right to stay where he is. */
    private static boolean isOurs(long process) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).equals(namespaceOf(process));
        } catch (IOException _) {
            return false;
        }
    }

    private static NetworkNamespace join(String name, Path path) throws CannotRun {
        try {
            return NetworkNamespace.join(name, path);
        } catch (NamespaceRefused e) {
            throw new CannotRun(
                    "The network namespace of " + name + " cannot be entered: " + e.getMessage()
                            + ". It needs CAP_SYS_ADMIN, here and in the user namespace that owns it: run as root, or observe from a"
                            + " process inside it.",
                    e);
        } catch (IOException e) {
            throw new CannotRun("The network namespace of " + name + " cannot be entered: " + e.getMessage() + ".", e);
        }
    }
}
