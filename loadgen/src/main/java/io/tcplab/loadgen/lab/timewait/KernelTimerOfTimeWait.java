package io.tcplab.loadgen.lab.timewait;

import static io.tcplab.kernel.TcpState.TIME_WAIT;

import io.tcplab.kernel.sockdiag.SocketReading;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Sock;
import io.tcplab.loadgen.lab.Stage;

/** T18: the timer of fresh TIME_WAITs with tcp_fin_timeout at 5, 60 and 120. */
public final class KernelTimerOfTimeWait implements Experiment {
    @Override
    public Card card() {
        return Card.of("T18", "TIME_WAIT is 60 s by the kernel's own timer, whatever tcp_fin_timeout says")
                .hypothesis("Lowering tcp_fin_timeout shortens TIME_WAIT.")
                .claims(12, 13, 15)
                .needs(Need.NAMESPACES)
                .verifies(
                        "The length of the timer, and that it counts down in real time; the full 60 s are not waited for.")
                .because("Three sockets that differ only in the sysctl.")
                .reading(
                        "include/net/tcp.h TCP_TIMEWAIT_LEN, ip-sysctl: tcp_fin_timeout, RFC 9293 §3.6, tcp(7) tcp_fin_timeout");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Listener listener = lab.server().listen(16);
        long shortest = Long.MAX_VALUE;
        long longest = 0;
        for (int seconds : new int[] {5, 60, 120}) {
            lab.client().sysctl("net.ipv4.tcp_fin_timeout", seconds);
            Sock client = lab.client().connect(listener);
            Sock server = listener.accept();
            client.shutdownWrite();
            server.close();
            client.readAll();
            client.close();
            lab.expect(client, TIME_WAIT);
            long left = client.reading().map(SocketReading::timerMillis).orElse(0L);
            lab.figure("timer in ms with tcp_fin_timeout=" + seconds, left);
            shortest = Math.min(shortest, left);
            longest = Math.max(longest, left);
            if (seconds == 5) {
                lab.pause(1500);
                long later = client.reading().map(SocketReading::timerMillis).orElse(0L);
                lab.figure("the first one's timer 1.5 s later", later);
                lab.expect(left - later > 1300 && left - later < 2500, "the timer decays: " + left + " to " + later);
            }
        }
        boolean sixty = shortest > 58_000 && longest <= 60_500;
        String seen = "declared " + shortest + " to " + longest
                + " ms for tcp_fin_timeout 5, 60 and 120; decay checked over 1.5 s";
        lab.claim(12, Finding.holdsIf(sixty, seen));
        lab.claim(
                13,
                Finding.holdsIf(
                        longest > 70_000,
                        "2 MSL is " + Math.round(longest / 1000.0)
                                + " s here, a constant of the kernel that no sysctl changed"));
        return Finding.holdsIf(!sixty, seen);
    }
}
