package io.tcplab.loadgen.lab.timewait;

import static io.tcplab.kernel.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.TcpState.ESTABLISHED;
import static io.tcplab.kernel.TcpState.LAST_ACK;
import static io.tcplab.kernel.TcpState.TIME_WAIT;

import io.tcplab.kernel.cable.Segment;
import io.tcplab.kernel.cable.SegmentKind;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.SocketOptions;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Hold;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Sock;
import io.tcplab.loadgen.lab.Stage;

/** T16: a client comes back from the same port while the server still waits for the last ACK. */
public final class ReuseWhileTheServerIsInLastAck implements Experiment {
    @Override
    public Card card() {
        return Card.of("T16", "A reused port meets a server in LAST_ACK")
                .hypothesis("The new connection does not notice that a port is reused.")
                .needs(Need.CABLE)
                .verifies("Challenge ACK, RST, and a second SYN; the connect succeeds, but late.")
                .because("The cable loses the last ACK; the client reconnects meanwhile.")
                .reading("RFC 5961 §4, RFC 9293 §3.5.2, tcp(7)");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Listener listener = lab.server().listen(16);
        Sock first = lab.client().open();
        first.option(SocketOptions.SOL_SOCKET, SocketOptions.SO_REUSEADDR, 1);
        lab.expect("bind", Errno.OK, first.bind(45_000));
        lab.expect("connect", Errno.OK, first.connect(listener.address(), 3000));
        Sock accepted = listener.accept();
        Hold hold = lab.server().hold(SegmentKind.ACK);
        first.shutdownWrite();
        lab.expect(accepted, CLOSE_WAIT);
        accepted.close();
        first.readAll();
        first.close();
        lab.expect(first, TIME_WAIT);
        lab.expect(accepted, LAST_ACK);
        Sock again = lab.client().open();
        again.option(SocketOptions.SOL_SOCKET, SocketOptions.SO_REUSEADDR, 1);
        lab.expect("bind", Errno.OK, again.bind(45_000));
        double start = lab.seconds();
        Errno errno = again.connect(listener.address(), 0);
        lab.awaitSegments("the challenge ACK and the RST", 1, s -> lab.fromClient(s) && s.has(Segment.RST));
        hold.close();
        lab.expect("connect", Errno.EINPROGRESS, errno);
        lab.expect(again, ESTABLISHED, 8000);
        double took = lab.time("connect", lab.seconds() - start);
        long challenges = lab.figure(
                "TCPChallengeACK + TCPSYNChallenge",
                lab.server().delta(KernelCounter.CHALLENGE_ACKS) + lab.server().delta(KernelCounter.SYN_CHALLENGES));
        long resets = lab.figure("RSTs of the client", lab.client().delta(KernelCounter.OUT_RESETS));
        return Finding.holdsIf(
                resets == 0,
                "the server's LAST_ACK answered the SYN by an ACK (" + challenges
                        + " challenges), the client by RST, then by a second SYN: the connect took "
                        + lab.tenths(took * 1000) + " ms");
    }
}
