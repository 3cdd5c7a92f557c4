package io.tcplab.loadgen.lab.distance;

import io.tcplab.kernel.cable.CableSettings;
import io.tcplab.kernel.cable.PathSettings;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;
import java.util.List;

/** D8: the same transfer by cubic and by BBR, over a path that loses one segment in a hundred. */
public final class TwoControlsUnderLoss implements Experiment {
    private static final long TEN_MILLIS_IN_NANOS = 10_000_000;
    private static final int BYTES = 2_000_000;

    @Override
    public Card card() {
        return Card.of("D8", "What 1 % of loss costs depends on the congestion control")
                .hypothesis("Loss slows every sender down.")
                .needs(Need.CABLE)
                .verifies("2 MB over a round trip of 20 ms with 1 % of loss, once by cubic and once by BBR.")
                .because(
                        "Cubic takes every loss for congestion and shrinks its window; BBR goes by the rate that arrives.")
                .reading("RFC 9438 §4.6, tcp(7), ip-sysctl: tcp_congestion_control");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        String available =
                lab.server().sysctl("net.ipv4.tcp_available_congestion_control").orElse("");
        if (!available.contains("bbr") || !available.contains("cubic")) {
            return Finding.untestable("this kernel offers " + available + " here, of bbr and cubic");
        }
        double cubic = lab.time("2 MB by cubic", transfer(lab, 9000, "cubic"));
        double bbr = lab.time("2 MB by bbr", transfer(lab, 9001, "bbr"));
        return Finding.holdsIf(
                bbr > cubic / 2,
                "cubic took " + lab.tenths(cubic) + " s, bbr " + lab.tenths(bbr) + " s for the same 2 MB");
    }

    private static double transfer(Stage lab, int port, String control) throws Exception {
        Listener listener = Far.listen(lab, port, control);
        PathSettings clean = new PathSettings(TEN_MILLIS_IN_NANOS, 0, 0, 1, 0, 0, 0, 0);
        lab.network("20 ms", new CableSettings(clean, clean, List.of()));
        Stage.Connection connection = lab.connected(listener);
        lab.network(
                "20 ms, what the server sends is lost by 1 %",
                new CableSettings(clean, clean.withLoss(0.01), List.of()));
        double start = lab.seconds();
        Thread sender =
                Thread.ofPlatform().daemon(true).start(() -> connection.server().send(BYTES));
        long left = BYTES;
        while (left > 0) {
            long read = connection.client().read().value();
            lab.expect(read > 0, "every byte arrives");
            left -= read;
        }
        double took = lab.seconds() - start;
        sender.join();
        return took;
    }
}
