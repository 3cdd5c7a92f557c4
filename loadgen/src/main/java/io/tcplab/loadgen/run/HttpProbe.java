package io.tcplab.loadgen.run;

import io.tcplab.kernel.host.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Asks a server for one status before the load, and leaves nothing behind: the connection is reset, so that no side keeps a TIME_WAIT. */
public final class HttpProbe {

    private static final int MILLIS = 2_000;
    private static final int STATUS_LINE_BYTES = 12;

    private HttpProbe() {}

    /** The status of a GET; 0 where there is none within 2 s. */
    public static int status(InetSocketAddress address, String path) {
        try (Socket socket = new Socket()) {
            socket.connect(address, MILLIS);
            socket.setSoTimeout(MILLIS);
            socket.setSoLinger(true, 0);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: " + Endpoint.text(address)
                                    + "\r\nUser-Agent: tcplab-ready\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            String start =
                    new String(socket.getInputStream().readNBytes(STATUS_LINE_BYTES), StandardCharsets.ISO_8859_1);
            return start.matches("HTTP/1\\.[01] [1-5][0-9]{2}") ? Integer.parseInt(start.substring(9)) : 0;
        } catch (IOException _) {
            return 0; // it is not ready; who waits for it asks again
        }
    }
}
