package io.tcplab.loadgen.lab.queue;

import static io.tcplab.kernel.TcpState.SYN_RECV;

import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.SynFlood;

/** A4M: SYN floods with tcp_max_syn_backlog at 16 and 64 and tcp_syncookies at 0. */
public final class SynQueueLimit implements Experiment {
    @Override
    public Card card() {
        return Card.of("A4M", "tcp_max_syn_backlog matters only without cookies")
                .hypothesis("tcp_max_syn_backlog is the length of the SYN queue.")
                .needs(Need.NAMESPACES)
                .verifies(
                        "For an unknown peer, the limit is three quarters of it plus one; the backlog is far greater.")
                .because("Fresh namespaces know no peers, and only the sysctl differs.")
                .reading(
                        "ip-sysctl: tcp_max_syn_backlog, net/ipv4/tcp_input.c tcp_conn_request, RFC 4987 §3.2, tcp(7) tcp_max_syn_backlog");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        lab.server().sysctl("net.ipv4.tcp_syncookies", 0);
        lab.server().sysctl("net.ipv4.tcp_max_syn_backlog", 16);
        Listener small = lab.server().listen(9000, 128);
        SynFlood.send(lab, small, 150);
        long sixteen = lab.figure("SYN_RECV with 16", lab.server().count(SYN_RECV, 9000));
        lab.server().sysctl("net.ipv4.tcp_max_syn_backlog", 64);
        Listener greater = lab.server().listen(9001, 128);
        SynFlood.send(lab, greater, 150);
        long sixtyFour = lab.figure("SYN_RECV with 64", lab.server().count(SYN_RECV, 9001));
        lab.expect(sixteen < sixtyFour, "the greater value allows more");
        return Finding.holdsIf(
                sixteen == 16 && sixtyFour == 64,
                sixteen + " half-open with 16, " + sixtyFour + " with 64: three quarters plus one");
    }
}
