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

    /** HTTP/1.0, so that the answer ends with the connection and is not chunked. */
    private static JsonNode inspect(Path socket, String container) throws IOException {
        String path = "/containers/" + URLEncoder.encode(container, StandardCharsets.UTF_8) + "/json";
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
        String text = answer.toString(StandardCharsets.UTF_8);
        int body = text.indexOf("\r\n\r\n");
        return JSON.readTree(body < 0 ? "{}" : text.substring(body + 4));
    }
}
