package io.tcplab.loadgen.run;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.tcplab.kernel.host.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/**
 * Asks a server for one status before the load, and leaves nothing behind: the connection is reset, so that no side keeps a TIME_WAIT. One
 * that does not understand plain HTTP, or answers it with 400 as nginx does on a port for TLS, is asked over TLS as well.
 */
public final class HttpProbe {

    private static final int MILLIS = 2_000;
    private static final int STATUS_LINE_BYTES = 12;
    private static final int BAD_REQUEST = 400;

    private HttpProbe() {}

    /** The status of a GET; 0 where there is none within 2 s. */
    public static int status(InetSocketAddress address, String path) {
        int plain = status(address, path, false);
        if (plain != 0 && plain != BAD_REQUEST) {
            return plain;
        }
        int secured = status(address, path, true);
        return secured == 0 ? plain : secured;
    }

    private static int status(InetSocketAddress address, String path, boolean overTls) {
        try (Socket socket = new Socket()) {
            socket.connect(address, MILLIS);
            socket.setSoTimeout(MILLIS);
            socket.setSoLinger(true, 0);
            return ask(overTls ? secured(socket, address) : socket, address, path);
        } catch (IOException | GeneralSecurityException _) {
            return 0; // it is not ready; who waits for it asks again
        }
    }

    private static int ask(Socket socket, InetSocketAddress address, String path) throws IOException {
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: " + Endpoint.text(address)
                                + "\r\nUser-Agent: tcplab-ready\r\nConnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
        String start = new String(socket.getInputStream().readNBytes(STATUS_LINE_BYTES), StandardCharsets.ISO_8859_1);
        return start.matches("HTTP/1\\.[01] [1-5][0-9]{2}") ? Integer.parseInt(start.substring(9)) : 0;
    }

    /** Above this socket, which stays its opener's to close. */
    private static Socket secured(Socket socket, InetSocketAddress address)
            throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        // Whether the server is who it says is the load's to judge; nothing secret is asked.
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        SSLSocketFactory factory = context.getSocketFactory();
        return factory.createSocket(socket, address.getHostString(), address.getPort(), false);
    }
}
