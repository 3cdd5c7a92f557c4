package io.tcplab.loadgen.lab.flow;

import static io.tcplab.kernel.TcpState.ESTABLISHED;

import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;

/** F9: twenty connections, counted from /proc/net/tcp and by sock_diag. */
public final class CountStatesTwoWays implements Experiment {
    @Override
    public Card card() {
        return Card.of("F9", "Counting the lines of /proc/net/tcp counts the states")
                .hypothesis("Counting the lines of netstat -n by state counts the connections.")
                .claims(54)
                .needs(Need.NAMESPACES)
                .verifies("The file that netstat reads and the kernel's socket list agree.")
                .because("The connections are idle while they are counted.")
                .reading("netstat(8), sock_diag(7), RFC 9293 §3.3.2");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Listener listener = lab.server().listen(32);
        for (int i = 0; i < 20; i++) {
            lab.connected(listener);
        }
        long start = System.nanoTime();
        int lines = lab.client().countInProc(ESTABLISHED, 9000);
        long procMicros = (System.nanoTime() - start) / 1000;
        start = System.nanoTime();
        int listed = lab.client().count(ESTABLISHED, 9000);
        long diagMicros = (System.nanoTime() - start) / 1000;
        lab.figure("lines in /proc/net/tcp", lines);
        lab.figure("sockets by sock_diag", listed);
        lab.note("/proc took " + procMicros + " µs, sock_diag " + diagMicros + " µs");
        return Finding.holdsIf(
                lines == 20 && listed == 20,
                lines + " lines ESTABLISHED in /proc/net/tcp, " + listed + " by sock_diag");
    }
}
