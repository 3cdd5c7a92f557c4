package io.tcplab.loadgen.rounds.docker;

import io.tcplab.loadgen.plan.CannotRun;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where the Docker engine listens: what DOCKER_HOST says, or the first socket that is there. It is asked before Testcontainers is, which
 * would wait long for an engine that does not answer, and would then take another one.
 */
final class EngineHost {

    private static final String UNIX = "unix://";
    private static final int TCP_PORT = 2375;
    private static final int CONNECT_MILLIS = 3_000;

    private EngineHost() {}

    /** Returns it as DOCKER_HOST has it, once something has accepted a connection there. */
    static String find(Map<String, String> environment) throws CannotRun {
        String host = environment.getOrDefault("DOCKER_HOST", "");
        if (host.isEmpty()) {
            host = UNIX
                    + sockets(environment).stream()
                            .filter(Files::exists)
                            .findFirst()
                            .orElseThrow(() -> new CannotRun("Docker is not here, or its engine is not running: there"
                                    + " is no /var/run/docker.sock; " + Engine.INSTEAD + "."));
        }
        connect(host);
        return host;
    }

    /** The engine's own, and those of an engine without root. */
    private static List<Path> sockets(Map<String, String> environment) {
        List<Path> sockets = new ArrayList<>(List.of(Path.of("/var/run/docker.sock")));
        String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
        if (!runtime.isEmpty()) {
            sockets.add(Path.of(runtime, "docker.sock"));
        }
        sockets.add(Path.of(System.getProperty("user.home", "/"), ".docker", "run", "docker.sock"));
        return sockets;
    }

    private static void connect(String host) throws CannotRun {
        if (host.startsWith(UNIX)) {
            Path socket = Path.of(host.substring(UNIX.length()));
            if (Files.exists(socket) && !Files.isWritable(socket)) {
                throw new CannotRun("Docker cannot be used: this user may not write to " + socket + " (its group may); "
                        + Engine.INSTEAD + ".");
            }
            try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                return;
            } catch (IOException e) {
                throw noAnswer(host, e);
            }
        }
        URI uri = uri(host);
        try (Socket tcp = new Socket()) {
            tcp.connect(
                    new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? TCP_PORT : uri.getPort()), CONNECT_MILLIS);
        } catch (IOException e) {
            throw noAnswer(host, e);
        }
    }

    private static URI uri(String host) throws CannotRun {
        URI uri = URI.create(host.replace(' ', '_'));
        if (!"tcp".equals(uri.getScheme()) || uri.getHost() == null) {
            throw new CannotRun(
                    "DOCKER_HOST is " + host + ", it is unix:///PATH or tcp://HOST:PORT; " + Engine.INSTEAD + ".");
        }
        return uri;
    }

    private static CannotRun noAnswer(String host, IOException e) {
        return new CannotRun(
                "No Docker engine answers at " + host + " (" + e.getMessage() + "): start it; " + Engine.INSTEAD + ".",
                e);
    }
}
