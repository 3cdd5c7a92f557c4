package io.tcplab.loadgen.inspect;

import io.tcplab.kernel.host.ProcessTree;
import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.kernel.sockdiag.ListenerReading;
import io.tcplab.kernel.sockdiag.SockDiag;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.run.NamespacedServer;
import io.tcplab.loadgen.run.ObservedPlace;
import io.tcplab.loadgen.run.StartedServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * From where a server is watched while it is inspected.
 *
 * @param started the server where tcplab started it
 * @param place the namespace of somebody's server, as it was named
 * @param namespace that namespace, entered; absent where it is our own
 */
record Attending(
        @Nullable StartedServer started,
        ObservedPlace place,
        @Nullable NetworkNamespace namespace) {

    static Attending of(StartedServer started) {
        return new Attending(started, ObservedPlace.HERE, null);
    }

    static Attending of(ObservedPlace place, @Nullable NetworkNamespace namespace) {
        return new Attending(null, place, namespace);
    }

    /** Who sees the server's kernel, if that is to be had; throws where a place was named in which the server is not. */
    Optional<Witness> witness(InetSocketAddress server) throws CannotRun {
        StartedServer own = started;
        NetworkNamespace there = namespace;
        if (own != null) {
            return own.namespace() == null
                    ? Witness.of(server)
                    : Optional.of(Witness.there(server.getPort(), own::namespace));
        }
        int port = place.equals(ObservedPlace.HERE) ? server.getPort() : port(server.getPort());
        return there == null ? Witness.of(server) : Optional.of(Witness.there(port, () -> there));
    }

    /** A published port of a container is another one inside: then it is the one on which its process listens. */
    private int port(int asked) throws CannotRun {
        Long process = place.process();
        List<ListenerReading> all = listeners();
        Set<Integer> ports = new TreeSet<>();
        all.stream()
                .filter(each -> process == null || holds(process, each.inode()))
                .forEach(each -> ports.add(each.port()));
        if (ports.contains(asked)) {
            return asked;
        }
        if (namespace == null || ports.size() != 1) {
            throw new CannotRun("What --pid, --netns or --container names does not listen on port " + asked
                    + (ports.isEmpty()
                            ? ""
                            : ", but on " + ports.stream().map(String::valueOf).collect(Collectors.joining(", ")))
                    + ": name the server's own.");
        }
        return ports.iterator().next();
    }

    private List<ListenerReading> listeners() throws CannotRun {
        NetworkNamespace there = namespace;
        Callable<List<ListenerReading>> look = () -> {
            try (SockDiag kernel = SockDiag.open()) {
                return kernel.listeners();
            }
        };
        try {
            return there == null ? look.call() : there.call(look);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new CannotRun("The server's sockets cannot be read: " + e.getMessage() + ".", e);
        }
    }

    /** Whether the process or one of its descendants has this socket open; of one whose descriptors are hidden it may be. */
    private static boolean holds(long process, long inode) {
        String link = "socket:[" + inode + "]";
        for (long pid : ProcessTree.pids(process)) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "fd"))) {
                for (Path each : all) {
                    if (Files.isSymbolicLink(each)
                            && Files.readSymbolicLink(each).toString().equals(link)) {
                        return true;
                    }
                }
            } catch (AccessDeniedException _) {
                return true;
            } catch (IOException | DirectoryIteratorException _) {
                // It has ended, or closed the descriptor meanwhile.
            }
        }
        return false;
    }

    /** The segments, where clients have a namespace of ours to themselves; absent elsewhere. */
    @Nullable
    WireLog wire(List<InetSocketAddress> addresses) {
        StartedServer own = started;
        return !(own instanceof NamespacedServer) || !own.isolated()
                ? null
                : WireLog.begin(
                        addresses.getFirst().getPort(),
                        own.address().getAddress().isLoopbackAddress());
    }

    /** What else there is of the server's log; absent where there is nothing but its files. */
    @Nullable
    ServerLog log() {
        StartedServer own = started;
        if (own != null) {
            return ServerLog.of("its output", own::lastLines);
        }
        long since = System.currentTimeMillis() / 1000;
        return place.container() == null ? null : ServerLog.of("the container's log", () -> place.logSince(since));
    }
}
