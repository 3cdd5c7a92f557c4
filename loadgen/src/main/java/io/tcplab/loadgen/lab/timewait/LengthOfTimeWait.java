package io.tcplab.loadgen.lab.timewait;

import static io.tcplab.kernel.TcpState.CLOSE;
import static io.tcplab.kernel.TcpState.TIME_WAIT;

import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Sock;
import io.tcplab.loadgen.lab.Stage;
import java.util.ArrayList;
import java.util.List;

/** T19: true waits with tcp_fin_timeout at 5, 60 and 120. */
public final class LengthOfTimeWait implements Experiment {
    @Override
    public Card card() {
        return Card.of("T19", "TIME_WAIT lasts 60 s, measured in real time")
                .hypothesis("Lowering tcp_fin_timeout shortens TIME_WAIT.")
                .claims(12, 15)
                .needs(Need.NAMESPACES)
                .verifies("From the close to the moment when the kernel no longer lists it.")
                .because("All sockets wait in parallel and differ only in the sysctl.")
                .reading("include/net/tcp.h TCP_TIMEWAIT_LEN, RFC 9293 §3.6, tcp(7) tcp_fin_timeout")
                .takesLong(90);
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Listener listener = lab.server().listen(16);
        List<Sock> waiting = new ArrayList<>();
        double start = lab.seconds();
        for (int seconds : new int[] {5, 60, 120}) {
            lab.client().sysctl("net.ipv4.tcp_fin_timeout", seconds);
            Sock client = lab.client().connect(listener);
            client.shutdownWrite();
            listener.accept().close();
            client.readAll();
            client.close();
            lab.expect(client, TIME_WAIT);
            waiting.add(client);
        }
        double end = start;
        boolean sixty = true;
        for (Sock each : waiting) {
            lab.expect(lab.comes(() -> each.state() == CLOSE, 80_000), "TIME_WAIT ends");
            lab.expect(each, CLOSE);
            end = lab.time("TIME_WAIT from port " + each.localPort(), lab.seconds() - start);
            sixty &= end >= 59.8 && end <= 63;
        }
        String seen = "three TIME_WAITs ended within 60 to 63 s, the last after " + lab.tenths(end)
                + " s, with tcp_fin_timeout 5, 60 and 120";
        lab.claim(12, Finding.holdsIf(sixty, seen));
        return Finding.holdsIf(!sixty, seen);
    }
}
