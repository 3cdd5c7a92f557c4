package io.tcplab.loadgen.lab.published;

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

/** P4: the next connect when every port of a range is taken, not bound, bound, and bound late. */
public final class ThreeWaysToBeRefusedAPort implements Experiment {
    private static final int PORTS = 20;

    @Override
    public Card card() {
        return Card.of("P4", "Out of ports: EADDRINUSE from bind, EADDRNOTAVAIL from connect")
                .hypothesis(
                        "bind(src, 0) fails with EADDRINUSE, a plain connect and IP_BIND_ADDRESS_NO_PORT with EADDRNOTAVAIL.")
                .needs(Need.NAMESPACES)
                .verifies("Which call fails and with which errno, for each of the three ways to choose a source.")
                .because(
                        "All 20 ports of the source are held by connections to one destination before each way is tried.")
                .reading(
                        "Cloudflare, How to stop running out of ephemeral ports; ip(7) IP_BIND_ADDRESS_NO_PORT; RFC 6056 §3, bind(2)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        lab.client().sysctl("net.ipv4.ip_local_port_range", "40000 " + (40_000 + PORTS - 1));
        Listener listener = lab.server().listen(64);
        for (int i = 0; i < PORTS; i++) {
            Errno held = lab.client().open().connect(listener.address(), 3000);
            lab.expect(held.ok(), "each of the 20 ports can be taken: " + held);
        }
        InetAddress source = lab.client().address();
        Sock bound = lab.client().open();
        Errno atBind = lab.errno("bind(src, 0)", bound.raw().bind(new InetSocketAddress(source, 0)));
        Errno plain = lab.errno("plain connect", lab.client().open().connect(listener.address(), 500));
        Sock late = lab.client().open();
        late.option(SocketOptions.IPPROTO_IP, SocketOptions.IP_BIND_ADDRESS_NO_PORT, 1);
        lab.expect(
                "bind(src, 0) with IP_BIND_ADDRESS_NO_PORT",
                Errno.OK,
                late.raw().bind(new InetSocketAddress(source, 0)));
        Errno atConnect = lab.errno("connect with IP_BIND_ADDRESS_NO_PORT", late.connect(listener.address(), 500));
        boolean same = atBind == Errno.EADDRINUSE && plain == Errno.EADDRNOTAVAIL && atConnect == Errno.EADDRNOTAVAIL;
        return Finding.published(
                same,
                "EADDRINUSE, EADDRNOTAVAIL, EADDRNOTAVAIL",
                "bind(src, 0) " + atBind + ", plain connect " + plain + ", with IP_BIND_ADDRESS_NO_PORT " + atConnect);
    }
}
