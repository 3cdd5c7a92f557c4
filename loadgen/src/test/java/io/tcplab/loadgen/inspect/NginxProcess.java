package io.tcplab.loadgen.inspect;

import io.tcplab.kernel.namespace.NamespacePair;
import io.tcplab.kernel.namespace.NetworkNamespace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** nginx with settings of its own: {@code /} is answered by "hello", {@code /reads} reads a body to its end and answers 502. */
record NginxProcess(Process process, InetSocketAddress address, Path errorLog) implements AutoCloseable {

    private static final Path NGINX = Path.of("/usr/sbin/nginx");
    private static final int ISOLATED_PORT = 18_080;

    /** Starts it on loopback, one at a time; skips the test by name where it is not installed. */
    static synchronized NginxProcess start(Path home, String settings) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        return start(home, settings, new InetSocketAddress("127.0.0.1", port), null);
    }

    /** Starts it on the server's side of a pair. */
    static NginxProcess start(Path home, String settings, NamespacePair pair) throws Exception {
        return start(home, settings, new InetSocketAddress(pair.serverAddress(), ISOLATED_PORT), pair);
    }

    private static NginxProcess start(
            Path home, String settings, InetSocketAddress address, @Nullable NamespacePair pair) throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(NGINX), "needs nginx (Debian: nginx-light)");
        Path directory = Files.createTempDirectory(home, "nginx");
        Path log = directory.resolve("error.log");
        Files.writeString(directory.resolve("nginx.conf"), """
                daemon off; master_process off; pid %1$s/pid; error_log %5$s;
                events {}
                http { access_log off; %4$s
                  client_body_temp_path %1$s/a; proxy_temp_path %1$s/b; fastcgi_temp_path %1$s/c;
                  uwsgi_temp_path %1$s/d; scgi_temp_path %1$s/e;
                  server { listen %2$s:%3$d; location = / { return 200 "hello"; }
                    location = /reads { proxy_pass http://127.0.0.1:1; } } }
                """.formatted(
                        directory, address.getAddress().getHostAddress(), address.getPort(), settings, log));
        List<String> command = new ArrayList<>(List.of(NGINX.toString(), "-p", directory.toString()));
        command.addAll(List.of("-c", directory.resolve("nginx.conf").toString()));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        Process process = pair == null ? builder.start() : pair.server().start(builder);
        NginxProcess nginx = new NginxProcess(process, address, log);
        nginx.awaitListening(pair == null ? null : pair.client());
        return nginx;
    }

    private void awaitListening(@Nullable NetworkNamespace client) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() < end && process.isAlive()) {
            if (client == null ? takes() : client.call(this::takes)) {
                return;
            }
            Thread.sleep(20);
        }
        close();
        throw new IOException("nginx does not listen");
    }

    private boolean takes() {
        try (Socket socket = new Socket()) {
            socket.connect(address, 1_000);
            // A socket can connect to itself on a port that nobody listens on yet.
            return !socket.getLocalSocketAddress().equals(address);
        } catch (IOException _) {
            return false;
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            boolean _ = process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
