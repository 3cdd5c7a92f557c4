package io.tcplab.loadgen.lab.flow;

import com.sun.net.httpserver.HttpServer;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.NativeSocket.Result;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Sock;
import io.tcplab.loadgen.lab.Stage;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** F8: the same request as HTTP/1.1 and as HTTP/1.0 to a real HTTP server. */
public final class KeptByHttp11ClosedByHttp10 implements Experiment {
    @Override
    public Card card() {
        return Card.of("F8", "HTTP/1.1 keeps the connection, HTTP/1.0 does not")
                .hypothesis("HTTP/1.1 keeps a connection by default, HTTP/1.0 closes it.")
                .claims(50)
                .needs(Need.NAMESPACES)
                .verifies("Whether the server's end comes after the response.")
                .because("The same server answers both; only the version differs.")
                .reading("RFC 9112 §9.3, recv(2)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        HttpServer http = lab.server().inside(() -> {
            HttpServer created =
                    HttpServer.create(new InetSocketAddress(lab.server().address(), 9080), 16);
            created.createContext("/", exchange -> {
                exchange.sendResponseHeaders(200, 2);
                exchange.getResponseBody().write(new byte[] {'o', 'k'});
                exchange.close();
            });
            created.start();
            return created;
        });
        try {
            boolean eleven = ends(lab, "GET / HTTP/1.1\r\nHost: lab\r\n\r\n");
            boolean ten = ends(lab, "GET / HTTP/1.0\r\n\r\n");
            return Finding.holdsIf(
                    !eleven && ten,
                    "after HTTP/1.1, the connection " + (eleven ? "ended" : "stayed") + ", after HTTP/1.0, it "
                            + (ten ? "ended" : "stayed"));
        } finally {
            http.stop(0);
        }
    }

    private static boolean ends(Stage lab, String request) throws Exception {
        Sock client = lab.client().open();
        lab.expect(
                "connect",
                Errno.OK,
                client.connect(new InetSocketAddress(lab.server().address(), 9080), 3000));
        Result _ = client.raw().send(request.getBytes(StandardCharsets.US_ASCII), 0);
        Result read = client.read();
        lab.expect(read.ok() && read.value() > 0, "the server answers");
        while (read.ok() && read.value() > 0) {
            read = client.read(1000);
        }
        return read.ok();
    }
}
