package io.tcplab.loadgen.lab.timewait;

import static io.tcplab.kernel.TcpState.TIME_WAIT;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.SocketOptions;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Sock;
import io.tcplab.loadgen.lab.Stage;

/** T15: the server closes first, stops, and binds its port again. */
public final class ListenAgainAfterTimeWait implements Experiment {
    @Override
    public Card card() {
        return Card.of("T15", "A server restarts over its TIME_WAITs with SO_REUSEADDR")
                .hypothesis("A new socket on a port in TIME_WAIT cannot be bound.")
                .claims(22)
                .needs(Need.NAMESPACES)
                .verifies("EADDRINUSE for a plain bind, success with SO_REUSEADDR.")
                .because("The listener is closed, so that only the TIME_WAIT holds the port.")
                .reading("socket(7) SO_REUSEADDR, RFC 9293 §3.6");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Listener listener = lab.server().listen(16);
        Sock client = lab.client().connect(listener);
        Sock server = listener.accept();
        server.close();
        client.readAll();
        client.close();
        lab.expect(server, TIME_WAIT);
        listener.close();
        Errno plain = lab.errno("plain bind", lab.server().open().bind(9000));
        Sock reusing = lab.server().open();
        reusing.option(SocketOptions.SOL_SOCKET, SocketOptions.SO_REUSEADDR, 1);
        Errno reused = lab.errno("bind with SO_REUSEADDR", reusing.bind(9000));
        Errno listening = reusing.raw().listen(4);
        lab.expect(reused.ok() && listening.ok(), "SO_REUSEADDR binds and listens: " + reused + ", " + listening);
        return plain.ok()
                ? Finding.refuted("both binds succeeded")
                : Finding.conditional("a plain bind failed with " + plain
                        + "; with SO_REUSEADDR, Java's default for server sockets, it works");
    }
}
