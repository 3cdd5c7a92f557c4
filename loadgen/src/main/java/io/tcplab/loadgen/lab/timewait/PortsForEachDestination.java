package io.tcplab.loadgen.lab.timewait;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.SocketOptions;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Sock;
import io.tcplab.loadgen.lab.Stage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** T12: held connections to two destinations and from two sources. */
public final class PortsForEachDestination implements Experiment {
    @Override
    public Card card() {
        return Card.of("T12", "A port is in use for one 4-tuple, unless it is bound")
                .hypothesis("A range of 20 ports allows 20 connections at a time.")
                .needs(Need.NAMESPACES)
                .verifies(
                        "20 per destination; bound to the address, 20 in total; with IP_BIND_ADDRESS_NO_PORT 20 per destination again.")
                .because("All connections stay open, so that TIME_WAIT plays no part.")
                .reading("ip(7) IP_BIND_ADDRESS_NO_PORT, RFC 6056 §3");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        lab.client().sysctl("net.ipv4.ip_local_port_range", "40000 40019");
        lab.pair().addClientAddress("198.18.0.11");
        Listener one = lab.server().listen(9000, 256);
        Listener two = lab.server().listen(9001, 256);
        InetAddress other = InetAddress.getByName("198.18.0.11");
        long plain = lab.figure("plain, first destination", hold(lab, one, null, false));
        long second = lab.figure("plain, second destination", hold(lab, two, null, false));
        Listener three = lab.server().listen(9002, 256);
        Listener four = lab.server().listen(9003, 256);
        long noPort = lab.figure("IP_BIND_ADDRESS_NO_PORT, third destination", hold(lab, three, other, true));
        long noPortToo = lab.figure("IP_BIND_ADDRESS_NO_PORT, fourth destination", hold(lab, four, other, true));
        lab.expect(plain == 20 && second == 20 && noPort == 20 && noPortToo == 20, "20 for each destination");
        lab.pair().addClientAddress("198.18.0.12");
        InetAddress bound = InetAddress.getByName("198.18.0.12");
        int source = hold(lab, one, bound, false) + hold(lab, two, bound, false);
        lab.figure("bound to a source, two destinations together", source);
        return Finding.holdsIf(
                second == 0,
                "20 for each destination, 20 in total when the source was bound with its port (" + source + ")");
    }

    private static int hold(Stage lab, Listener to, @Nullable InetAddress from, boolean noPort) throws Exception {
        int held = 0;
        for (int i = 0; i < 25; i++) {
            Sock sock = lab.client().open();
            if (noPort) {
                sock.option(SocketOptions.IPPROTO_IP, SocketOptions.IP_BIND_ADDRESS_NO_PORT, 1);
            }
            Errno bound = from == null ? Errno.OK : sock.raw().bind(new InetSocketAddress(from, 0));
            held += bound.ok() && sock.connect(to.address(), 1500).ok() ? 1 : 0;
        }
        return held;
    }
}
