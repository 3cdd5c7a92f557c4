package io.tcplab.loadgen.lab.timewait;

import static io.tcplab.kernel.TcpState.FIN_WAIT2;
import static io.tcplab.kernel.TcpState.TIME_WAIT;

import io.tcplab.kernel.cable.SegmentKind;
import io.tcplab.kernel.sockdiag.SocketReading;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Hold;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;

/** T21: the server's FIN arrives again at a TIME_WAIT. */
public final class FinAgainRestartsTimer implements Experiment {
    /** A jump by less may be the kernel's rounding; the first FIN that is sent again comes after 200 ms at least (TCP_RTO_MIN). */
    private static final long LEAST_JUMP_MILLIS = 150;

    /** The FIN is sent again after 0.2, 0.4, 0.8, 1.6, 3.2 s: on a busy machine the first ones come before anybody looks. */
    private static final double PATIENCE_SECONDS = 8;

    @Override
    public Card card() {
        return Card.of("T21", "A retransmitted FIN restarts the TIME_WAIT timer")
                .hypothesis("A retransmitted FIN restarts the 2 MSL timer.")
                .claims(24)
                .needs(Need.CABLE)
                .verifies("The kernel's own timer jumps back up when the FIN is retransmitted.")
                .because("The cable loses the last ACK, so that the server sends its FIN again, later each time.")
                .reading("RFC 9293 §3.10.7.4, ss(8)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Connection connection = lab.connected();
        connection.client().shutdownWrite();
        lab.expect(connection.client(), FIN_WAIT2);
        try (Hold _ = lab.server().hold(SegmentKind.ACK)) {
            connection.server().close();
            connection.client().readAll();
            connection.client().close();
            lab.expect(connection.client(), TIME_WAIT);
            long lowest = Long.MAX_VALUE;
            long jump = 0;
            double end = lab.seconds() + PATIENCE_SECONDS;
            for (; jump < LEAST_JUMP_MILLIS && lab.seconds() < end; lab.pause(10)) {
                long left = connection
                        .client()
                        .reading()
                        .map(SocketReading::timerMillis)
                        .orElse(0L);
                jump = Math.max(jump, left - lowest);
                lowest = Math.min(lowest, left);
            }
            lab.figure("greatest jump of the timer in ms", jump);
            lab.figure("lowest reading in ms", lowest);
            return Finding.holdsIf(
                    jump >= LEAST_JUMP_MILLIS,
                    "the timer fell to " + lowest + " ms and jumped back by " + jump
                            + " ms when the FIN was retransmitted");
        }
    }
}
