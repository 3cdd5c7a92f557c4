package io.tcplab.loadgen.lab.timewait;

import static io.tcplab.kernel.TcpState.CLOSE;
import static io.tcplab.kernel.TcpState.TIME_WAIT;

import io.tcplab.kernel.cable.Segment;
import io.tcplab.kernel.cable.SegmentKind;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.SocketOptions;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Forge;
import io.tcplab.loadgen.lab.Hold;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Sock;
import io.tcplab.loadgen.lab.Stage;

/** T13: the server closes first, the client comes back from the same port. */
public final class NewerSynOnTimeWait implements Experiment {
    @Override
    public Card card() {
        return Card.of("T13", "A server in TIME_WAIT takes a newer SYN")
                .hypothesis("A TIME_WAIT socket cannot be reused.")
                .claims(20)
                .needs(Need.CABLE)
                .verifies(
                        "A SYN with a newer timestamp turns the TIME_WAIT into a connection; an older one is only acknowledged.")
                .because(
                        "The same 4-tuple comes twice, first with a timestamp from the past; the cable loses the ACK of"
                                + " that one.")
                .reading("RFC 6191 §2, RFC 1122 §4.2.2.13, tcp(7) tcp_timestamps");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        // Without the random offset of each connection (ip-sysctl) the client's timestamps count from its boot, and 1
        // is the past.
        lab.client().sysctl("net.ipv4.tcp_timestamps", 2);
        Listener listener = lab.server().listen(16);
        Sock first = lab.client().open();
        lab.expect("bind", Errno.OK, first.bind(45_000));
        lab.expect("connect", Errno.OK, first.connect(listener.address(), 3000));
        Sock accepted = listener.accept();
        accepted.close();
        first.readAll();
        first.close();
        lab.expect(accepted, TIME_WAIT);
        lab.expect(first, CLOSE);
        Forge forge = lab.client().forge(lab.server());
        try (Hold hold = lab.client().hold(SegmentKind.ACK)) {
            forge.send(45_000, 9000, 1, 0, Segment.SYN, new byte[0], 1, 0);
            lab.expectDelta(lab.server(), KernelCounter.PAWS_TIME_WAIT_REJECTS, 1);
            // The client, which knows nothing of that SYN, would answer the ACK by an RST.
            lab.expect(lab.comes(() -> hold.lost() > 0, 2000), "the server's ACK of the older SYN is lost");
        }
        lab.expect(accepted, TIME_WAIT);
        double start = lab.seconds();
        Sock again = lab.client().open();
        again.option(SocketOptions.SOL_SOCKET, SocketOptions.SO_REUSEADDR, 1);
        lab.expect("bind", Errno.OK, again.bind(45_000));
        Errno errno = lab.errno("connect again", again.connect(listener.address(), 3000));
        double took = lab.time("connect over the TIME_WAIT", lab.seconds() - start);
        return Finding.holdsIf(
                !errno.ok(),
                "the older SYN was only acknowledged, the newer one became a connection in " + lab.tenths(took * 1000)
                        + " ms");
    }
}
