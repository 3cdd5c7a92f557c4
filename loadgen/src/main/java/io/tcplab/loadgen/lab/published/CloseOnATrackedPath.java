package io.tcplab.loadgen.lab.published;

import static io.tcplab.kernel.TcpState.TIME_WAIT;

import io.tcplab.kernel.ProcFile;
import io.tcplab.kernel.sockdiag.SocketReading;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** P7: a close while the server's connection tracking looks on. */
public final class CloseOnATrackedPath implements Experiment {
    private static final Path TRACKED = Path.of("/proc/thread-self/net/nf_conntrack");
    private static final String LIFE = "net.netfilter.nf_conntrack_tcp_timeout_time_wait";
    private static final String TABLE =
            "table ip track {\nchain arriving {\ntype filter hook input priority 0;\nct state established accept\n}\n}\n";

    @Override
    public Card card() {
        return Card.of("P7", "conntrack keeps a TIME_WAIT twice as long as TCP does")
                .hypothesis(
                        "conntrack keeps a closed connection for 120 s, so that a table of 262144 carries 2184 connections a second.")
                .needs(Need.NFT)
                .verifies(
                        "The entry of one closed connection and its seconds left, beside the socket's own timer; the size of the table.")
                .because("A rule that matches the connection's state makes the kernel track it"
                        + " (nft ct state); the 120 s are read, not waited for.")
                .reading("moby#35082; nf_conntrack-sysctl: nf_conntrack_tcp_timeout_time_wait; RFC 5382 §5, nft(8)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        try {
            lab.client().tool(TABLE, "nft", "-f", "-");
        } catch (IOException e) {
            return Finding.untestable("this kernel cannot track connections here: " + e.getMessage());
        }
        Optional<String> life = lab.client().sysctl(LIFE);
        if (life.isEmpty()) {
            return Finding.untestable("this kernel does not show " + LIFE + " in a namespace");
        }
        Connection connection = lab.connected();
        connection.client().shutdownWrite();
        connection.server().close();
        connection.client().readAll();
        connection.client().close();
        lab.expect(connection.client(), TIME_WAIT);
        long socket =
                connection.client().reading().map(SocketReading::timerMillis).orElse(0L) / 1000;
        List<String> entries = lab.client().inside(() -> ProcFile.lines(TRACKED));
        entries.forEach(lab::note);
        List<String> closed =
                entries.stream().filter(each -> each.contains("TIME_WAIT")).toList();
        lab.expect(closed.size() == 1, "one tracked connection in TIME_WAIT, there are " + closed.size());
        long left = lab.figure(
                "seconds left to the entry", Long.parseLong(closed.getFirst().split("\\s+")[4]));
        lab.figure("seconds left to the socket", socket);
        long most = Long.parseLong(
                lab.client().sysctl("net.netfilter.nf_conntrack_max").orElse("0"));
        lab.figure("nf_conntrack_max", most);
        long rate =
                lab.figure("connections a second that fill the table", most / Math.max(1, Long.parseLong(life.get())));
        return Finding.published(
                left > 100 && left <= 120,
                "120 s, 262144 entries ≈ 2184 connections a second",
                "the entry had " + left + " s left, the socket " + socket + " s; " + most + " entries ≈ " + rate
                        + " connections a second");
    }
}
