package io.tcplab.loadgen.run;

import io.tcplab.kernel.Printable;
import io.tcplab.loadgen.connection.dialogue.Authority;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.Protocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The one connection that is made to a target before any counter is read, where the kernel here cannot say whether it listens. */
final class TrialConnection {

    private static final long MOST_CONNECT_MILLIS = 3_000;
    private static final int SPEAKS_FIRST_MILLIS = 200;
    private static final int ANSWERS_MILLIS = 2_000;
    private static final int MOST_BANNER = 100;

    private TrialConnection() {}

    /** Makes it, and says in words what came of it; throws what keeps it from being made. */
    static String make(Profile profile, Protocol protocol, InetSocketAddress address) throws IOException {
        long began = System.nanoTime();
        try (Socket socket = new Socket()) {
            long most = TimeUnit.NANOSECONDS.toMillis(profile.client().connectTimeoutNanos());
            List<InetAddress> sources = profile.client().sources();
            if (!sources.isEmpty()) {
                socket.bind(new InetSocketAddress(sources.getFirst(), 0));
            }
            socket.connect(address, (int) Math.clamp(most, 1, MOST_CONNECT_MILLIS));
            double millis = (System.nanoTime() - began) / 1e6;
            if (socket.getLocalSocketAddress().equals(socket.getRemoteSocketAddress())) {
                throw new IOException("nothing listens; the socket connected to itself");
            }
            // A server that speaks TLS says nothing first and is asked nothing in plain text; one that expects a PROXY
            // header before all is not either.
            boolean plain = profile.tls() == null && profile.client().proxyProtocol() == null;
            String answer = plain ? answer(protocol, socket) : "";
            abort(socket);
            return String.format(Locale.ROOT, "accepts connections (%.1f ms)%s", millis, answer);
        }
    }

    private static String answer(Protocol protocol, Socket socket) throws SocketException {
        boolean http = protocol instanceof Protocol.Http;
        socket.setSoTimeout(http ? ANSWERS_MILLIS : SPEAKS_FIRST_MILLIS);
        try {
            if (protocol instanceof Protocol.Http plan) {
                String given = plan.header("Host");
                String host = given == null ? Authority.of((InetSocketAddress) socket.getRemoteSocketAddress()) : given;
                socket.getOutputStream()
                        .write(("HEAD " + plan.path() + " HTTP/1.1\r\nHost: " + host
                                        + "\r\nUser-Agent: tcplab-preflight\r\nConnection: close\r\n\r\n")
                                .getBytes(StandardCharsets.ISO_8859_1));
            }
            byte[] first = new byte[MOST_BANNER];
            int length = socket.getInputStream().read(first);
            if (length <= 0) {
                return ", and closes at once";
            }
            String line = new String(first, 0, length, StandardCharsets.ISO_8859_1)
                    .lines()
                    .findFirst()
                    .orElse("");
            return (http ? ", answers HEAD with " : ", speaks first: ") + Printable.line(line.strip());
        } catch (SocketTimeoutException _) {
            return http ? ", does not answer HEAD within 2 s" : "";
        } catch (IOException e) {
            return ", then fails: " + e.getMessage();
        }
    }

    /**
     * By RST. A FIN of ours would leave a TIME_WAIT here for a minute, on one of the ports that the run is to have (tcp(7)); of a hundred
     * ports it would then find 99.
     */
    private static void abort(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (SocketException _) {
            // The peer has reset already.
        }
    }
}
