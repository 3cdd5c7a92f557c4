package io.tcplab.companion.control;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** A control endpoint that answers as a test says, byte by byte: one that is broken, or means harm. */
public final class ScriptedEndpoint implements AutoCloseable {

    /** Writes an answer; closing the stream ends the connection. */
    public interface Script {
        void answer(String path, OutputStream to) throws IOException, InterruptedException;
    }

    private final ServerSocket listener;
    private final Script script;
    private final AtomicInteger connections = new AtomicInteger();

    public ScriptedEndpoint(Script script) throws IOException {
        this.script = script;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** A whole answer of JSON. */
    public static String json(int status, String body) {
        return "HTTP/1.1 " + status + " X\r\nContent-Type: application/json\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    private void accept() {
        try {
            while (true) {
                Socket accepted = listener.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(accepted));
            }
        } catch (IOException _) {
            // closed
        }
    }

    private void serve(Socket accepted) {
        try (accepted) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(accepted.getInputStream(), StandardCharsets.UTF_8));
            for (String first = in.readLine(); first != null; first = in.readLine()) {
                for (String line = in.readLine(); line != null && !line.isEmpty(); ) {
                    line = in.readLine();
                }
                script.answer(first.split(" ")[1], accepted.getOutputStream());
            }
        } catch (IOException _) {
            // the peer has given up, or the script has closed
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    public int connections() {
        return connections.get();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
