package io.tcplab.loadgen.lab.flow;

import io.tcplab.kernel.cable.Segment;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.sockdiag.SocketTimer;
import io.tcplab.kernel.syscall.NativeSocket.Result;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Sock;
import io.tcplab.loadgen.lab.Stage;
import io.tcplab.loadgen.lab.Stage.Connection;

/** F3: the receiver does not read, then reads everything. */
public final class WindowClosesThenOpens implements Experiment {
    @Override
    public Card card() {
        return Card.of("F3", "A zero window stops the sender and is probed")
                .hypothesis("The window is the free space of the receive buffer, as a 16-bit number.")
                .claims(51)
                .needs(Need.NAMESPACES)
                .verifies("A zero window, the persist timer and its probes; a scaled window; all data after reading.")
                .because("The sender sends more than both buffers hold before anything is read.")
                .reading("RFC 9293 §3.8.6.1, RFC 7323 §2, tcp(7) tcp_window_scaling");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Connection connection = lab.connected();
        lab.settle(connection);
        long sent = connection.client().fill();
        for (int i = 0; i < 80 && !persists(connection.client()); i++) {
            lab.pause(50);
            sent += connection.client().fill();
        }
        lab.expect(persists(connection.client()), "the persist timer runs");
        lab.expect(
                lab.comes(() -> lab.client().delta(KernelCounter.WINDOW_PROBES) > 0, 12_000), "the window is probed");
        lab.figure("TCPToZeroWindowAdv of the server", lab.server().delta(KernelCounter.WINDOW_CLOSED));
        long got = 0;
        while (got < sent) {
            Result read = connection.server().read();
            lab.expect(
                    read.ok() && read.value() > 0,
                    "the rest arrives: " + read.errno() + " after " + got + " of " + sent);
            got += read.value();
        }
        Segment syn = lab.awaitSegments("the SYN", 1, s -> s.has(Segment.SYN)).getFirst();
        lab.figure("window scale in the SYN", syn.windowScale());
        String seen =
                sent + " bytes were taken until the window was zero; it was probed, and all arrived after reading";
        return syn.windowScale() > 0
                ? Finding.conditional(seen + "; the 16 bits are scaled by 2^" + syn.windowScale())
                : Finding.holds(seen);
    }

    private static boolean persists(Sock sender) {
        return sender.reading().map(r -> r.timer() == SocketTimer.PERSIST).orElse(false);
    }
}
