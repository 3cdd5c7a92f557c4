package io.tcplab.loadgen.run;

import io.tcplab.loadgen.plan.CannotRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Finds a container's first process: by the Unix socket of Docker or podman, which speak the same protocol, or by the files that podman
 * keeps, which has no socket unless it is asked for one (podman-system-service(1)).
 */
final class ContainerEngine {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int MOST_BYTES = 4 << 20;
    private static final String UNIX = "unix://";

    private final List<Path> sockets;
    private final List<PodmanStorage> storages;

    ContainerEngine(List<Path> sockets, List<PodmanStorage> storages) {
        this.sockets = List.copyOf(sockets);
        this.storages = List.copyOf(storages);
    }

    /**
     * The engines of this host: those that the environment names (DOCKER_HOST, CONTAINER_HOST), the root user's, this user's, and those of
     * the user who became root by sudo(8).
     */
    static ContainerEngine ofThisHost() {
        Map<String, String> environment = System.getenv();
        List<Path> sockets = new ArrayList<>();
        for (String name : List.of("DOCKER_HOST", "CONTAINER_HOST")) {
            String host = environment.getOrDefault(name, "");
            if (host.startsWith(UNIX)) {
                sockets.add(Path.of(host.substring(UNIX.length())));
            }
        }
        sockets.add(Path.of("/var/run/docker.sock"));
        sockets.add(Path.of("/run/podman/podman.sock"));
        List<Path> runtimes = new ArrayList<>();
        String own = environment.get("XDG_RUNTIME_DIR");
        if (own != null) {
            runtimes.add(Path.of(own));
        }
        String caller = environment.get(PodmanStorage.SUDO_UID);
        if (caller != null) {
            runtimes.add(PodmanStorage.runtimeOf(caller));
        }
        for (Path runtime : runtimes) {
            sockets.add(runtime.resolve("podman").resolve("podman.sock"));
            sockets.add(runtime.resolve("docker.sock"));
        }
        return new ContainerEngine(
                sockets.stream().distinct().filter(Files::exists).toList(),
                PodmanStorage.ofThisHost(environment, Path.of("/etc/passwd")));
    }

    /** The process id, as this host sees it, of the first process of a running container. */
    long pidOf(String container) throws CannotRun {
        List<String> failures = new ArrayList<>();
        for (Path socket : sockets) {
            try {
                JsonNode state = inspect(socket, container).path("State");
                long pid = state.path("Pid").asLong(0);
                if (pid > 0) {
                    return pid;
                }
                failures.add(socket + ": " + (state.isMissingNode() ? "knows no such container" : "it is not running"));
            } catch (IOException | JacksonException e) {
                failures.add(socket + ": " + e.getMessage());
            }
        }
        OptionalLong kept = storages.stream()
                .flatMap(each -> each.pidOf(container).stream().boxed())
                .mapToLong(Long::longValue)
                .findFirst();
        if (kept.isPresent()) {
            return kept.getAsLong();
        }
        Stream<String> without = storages.stream().map(each -> each + ": has no running container of this name");
        List<String> all = Stream.concat(failures.stream(), without).toList();
        throw new CannotRun("The container " + container + " cannot be found: "
                + (all.isEmpty()
                        ? "neither Docker nor podman has a socket here; use --pid with one of its processes"
                        : String.join("; ", all))
                + ".");
    }

    /** What a running container has printed since this second (of 1970), in lines; none where the engine keeps no log. */
    List<String> logSince(String container, long epochSeconds) {
        for (Path socket : sockets) {
            try {
                byte[] answer = get(socket, path(container) + "/logs?stdout=1&stderr=1&since=" + epochSeconds);
                String head = new String(answer, StandardCharsets.ISO_8859_1);
                if (head.startsWith("HTTP/1.0 200") || head.startsWith("HTTP/1.1 200")) {
                    return head.substring(head.indexOf("\r\n\r\n") + 4)
                            .lines()
                            // Each piece of a stream has a head of eight bytes, whose last ones may be any.
                            .map(line -> line.replaceAll("^[\\x00-\\x02]\\x00{3}.{4}", ""))
                            .toList();
                }
            } catch (IOException _) {
                // The other engine's socket, perhaps.
            }
        }
        return List.of();
    }

    private static JsonNode inspect(Path socket, String container) throws IOException {
        String text = new String(get(socket, path(container) + "/json"), StandardCharsets.UTF_8);
        int body = text.indexOf("\r\n\r\n");
        return JSON.readTree(body < 0 ? "{}" : text.substring(body + 4));
    }

    private static String path(String container) {
        return "/containers/" + URLEncoder.encode(container, StandardCharsets.UTF_8);
    }

    /** HTTP/1.0, so that the answer ends with the connection and is not chunked. */
    private static byte[] get(Path socket, String path) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            boolean _ = channel.connect(UnixDomainSocketAddress.of(socket));
            ByteBuffer request = ByteBuffer.wrap(
                    ("GET " + path + " HTTP/1.0\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            while (request.hasRemaining()) {
                int _ = channel.write(request);
            }
            ByteBuffer part = ByteBuffer.allocate(1 << 16);
            while (channel.read(part) >= 0 && answer.size() < MOST_BYTES) {
                answer.write(part.array(), 0, part.position());
                part.clear();
            }
        }
        return answer.toByteArray();
    }
}
