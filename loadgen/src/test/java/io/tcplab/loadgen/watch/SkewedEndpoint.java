package io.tcplab.loadgen.watch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An honest control endpoint of a host that was started at another time: passes one on with its {@link System#nanoTime} shifted.
 * Its threads are platform threads, which live in the network namespace of the thread that made it.
 */
final class SkewedEndpoint implements AutoCloseable {

    private static final Pattern NANOS = Pattern.compile("\"(nanos|atNanos)\":(-?\\d+)");

    private final ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    private final int honestPort;
    private final long shiftNanos;

    SkewedEndpoint(int honestPort, long shiftNanos) throws IOException {
        this.honestPort = honestPort;
        this.shiftNanos = shiftNanos;
        Thread.ofPlatform().daemon(true).start(this::serveOne);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void serveOne() {
        try (Socket client = listener.accept();
                Socket honest = new Socket(InetAddress.getLoopbackAddress(), honestPort)) {
            BufferedReader requests = reader(client);
            BufferedReader answers = reader(honest);
            while (true) {
                honest.getOutputStream().write(head(requests).getBytes(StandardCharsets.UTF_8));
                String answer = head(answers);
                Matcher length = Pattern.compile("(?i)content-length: (\\d+)").matcher(answer);
                char[] body = new char[length.find() ? Integer.parseInt(length.group(1)) : 0];
                for (int read = 0; read < body.length; ) {
                    read += answers.read(body, read, body.length - read);
                }
                client.getOutputStream().write(shifted(answer, new String(body)));
            }
        } catch (IOException _) {
            // closed
        }
    }

    private byte[] shifted(String head, String body) {
        String moved = NANOS.matcher(body)
                .replaceAll(found -> "\"" + found.group(1) + "\":" + (Long.parseLong(found.group(2)) + shiftNanos));
        return (head.replaceFirst("(?i)content-length: \\d+", "Content-Length: " + moved.length()) + moved)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    }

    private static String head(BufferedReader from) throws IOException {
        StringBuilder head = new StringBuilder();
        for (String line = from.readLine(); ; line = from.readLine()) {
            if (line == null) {
                throw new IOException("it is over");
            }
            head.append(line).append("\r\n");
            if (line.isEmpty()) {
                return head.toString();
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
