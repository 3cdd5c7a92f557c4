package io.tcplab.loadgen.lab.flow;

import io.tcplab.kernel.syscall.SocketOptions;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;

/** F5: an established connection that nobody uses. */
public final class IdleConnectionIsSilent implements Experiment {
    @Override
    public Card card() {
        return Card.of("F5", "An idle connection sends nothing")
                .hypothesis("A long connection is kept alive by constant probes.")
                .claims(46, 47)
                .needs(Need.NAMESPACES)
                .verifies(
                        "No segment in two seconds, SO_KEEPALIVE off by default, and the default times of its probes.")
                .because("Nothing else happens in these namespaces.")
                .reading(
                        "ip-sysctl: tcp_keepalive_time, tcp_keepalive_intvl, tcp_keepalive_probes, RFC 9293 §3.8.4, tcp(7) SO_KEEPALIVE");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Connection connection = lab.connected();
        lab.awaitSegments("the handshake", 3, _ -> true);
        lab.pause(100);
        int before = lab.segments(_ -> true).size();
        lab.pause(2000);
        long during = lab.figure("segments in 2 s", lab.segments(_ -> true).size() - before);
        long on = connection
                .client()
                .raw()
                .option(SocketOptions.SOL_SOCKET, SocketOptions.SO_KEEPALIVE)
                .value();
        lab.figure("SO_KEEPALIVE", on);
        String time = lab.client().sysctl("net.ipv4.tcp_keepalive_time").orElse("absent");
        String interval = lab.client().sysctl("net.ipv4.tcp_keepalive_intvl").orElse("absent");
        String probes = lab.client().sysctl("net.ipv4.tcp_keepalive_probes").orElse("absent");
        boolean twoHours = time.equals("7200");
        String said = "when it is on: idle " + time + " s, then every " + interval + " seconds, " + probes + " probes";
        boolean rest = interval.equals("4500") && probes.equals("10");
        lab.claim(47, twoHours == rest ? Finding.holdsIf(rest, said) : Finding.conditional(said));
        return Finding.holdsIf(
                during > 0 || on != 0, during + " segments in 2 s; SO_KEEPALIVE is off by default; " + said);
    }
}
