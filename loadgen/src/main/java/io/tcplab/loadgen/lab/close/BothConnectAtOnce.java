package io.tcplab.loadgen.lab.close;

import static io.tcplab.kernel.TcpState.ESTABLISHED;
import static io.tcplab.kernel.TcpState.SYN_RECV;
import static io.tcplab.kernel.TcpState.SYN_SENT;

import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Sock;
import io.tcplab.loadgen.lab.Stage;
import java.net.InetSocketAddress;

/** C5: two bound sockets connect to each other and no one listens. */
public final class BothConnectAtOnce implements Experiment {
    @Override
    public Card card() {
        return Card.of("C5", "Simultaneous open: two connects make one connection")
                .hypothesis("A connection needs a listener.")
                .needs(Need.CABLE)
                .verifies("SYN_SENT, SYN_RECV and ESTABLISHED on both sides, without a listener.")
                .because(
                        "Both SYNs are on the cable for 400 ms at the same time, so that each side gets a SYN in SYN_SENT.")
                .reading("RFC 9293 §3.5, figure 7, connect(2)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        lab.farApart(400);
        Sock one = lab.client().open();
        Sock other = lab.server().open();
        lab.expect("bind", Errno.OK, one.bind(7001));
        lab.expect("bind", Errno.OK, other.bind(7002));
        Errno first = one.connect(new InetSocketAddress(lab.server().address(), 7002), 0);
        Errno second = other.connect(new InetSocketAddress(lab.client().address(), 7001), 0);
        lab.expect("connect", Errno.EINPROGRESS, first);
        lab.expect("connect", Errno.EINPROGRESS, second);
        lab.expect(one, SYN_SENT);
        TcpState _ = lab.seen(other);
        lab.expect(one, SYN_RECV, 8000);
        TcpState _ = lab.seen(other);
        lab.expect(one, ESTABLISHED, 8000);
        lab.expect(other, ESTABLISHED, 8000);
        return Finding.refuted(
                "two sockets connected to each other through SYN_RECV on both sides, without a listener");
    }
}
