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
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks Docker or podman, over the Unix socket of either, for a container's first process. */
final class ContainerEngine {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int MOST_BYTES = 4 << 20;

    private ContainerEngine() {}

    /** The process id, as this host sees it, of the first process of a running container. */
    static long pidOf(String container) throws CannotRun {
        List<String> failures = new ArrayList<>();
        for (Path socket : sockets()) {
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
        throw new CannotRun("The container " + container + " cannot be found: "
                + (failures.isEmpty()
                        ? "neither Docker nor podman has a socket here; use --pid with one of its processes"
                        : String.join("; ", failures))
                + ".");
    }

    /** What a running container has printed since this second (of 1970), in lines; none where the engine keeps no log. */
    static List<String> logSince(String container, long epochSeconds) {
        for (Path socket : sockets()) {
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

    private static List<Path> sockets() {
        List<Path> sockets =
                new ArrayList<>(List.of(Path.of("/var/run/docker.sock"), Path.of("/run/podman/podman.sock")));
        String own = System.getenv("XDG_RUNTIME_DIR");
        if (own != null) {
            sockets.add(Path.of(own, "podman", "podman.sock"));
            sockets.add(Path.of(own, "docker.sock"));
        }
        return sockets.stream().filter(Files::exists).toList();
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
            channel.connect(UnixDomainSocketAddress.of(socket));
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
