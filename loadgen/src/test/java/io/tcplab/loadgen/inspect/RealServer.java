package io.tcplab.loadgen.inspect;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** One of the servers that {@code bench/inspect/servers} knows, with its files in a directory of its own. */
record RealServer(Process process, InetSocketAddress address) implements AutoCloseable {

    private static final int NOT_INSTALLED = 77;

    /** Starts it; skips the test by name where it is not installed. One at a time, so that no two take the same free ports. */
    static synchronized RealServer start(String name, Path home) throws Exception {
        InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), twoFreePorts());
        Process process = new ProcessBuilder(
                        Path.of("..", "bench", "inspect", "servers").toString(),
                        name,
                        Integer.toString(address.getPort()),
                        home.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        RealServer server = new RealServer(process, address);
        try {
            server.awaitListening(name);
            return server;
        } catch (Exception e) {
            server.close();
            throw e;
        }
    }

    /** HAProxy's nginx listens on the port behind. */
    private static int twoFreePorts() throws IOException {
        while (true) {
            try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    ServerSocket second =
                            new ServerSocket(first.getLocalPort() + 1, 1, InetAddress.getLoopbackAddress())) {
                return second.getLocalPort() - 1;
            } catch (IOException | IllegalArgumentException _) {
                // The port behind is taken: another pair.
            }
        }
    }

    private void awaitListening(String name) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            if (!process.isAlive()) {
                Assumptions.assumeTrue(process.exitValue() != NOT_INSTALLED, name + " is not installed");
                throw new IOException(name + " ended with " + process.exitValue());
            }
            try (Socket socket = new Socket()) {
                socket.connect(address);
                return;
            } catch (IOException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                Thread.sleep(50);
            }
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            boolean _ = process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
