package io.tcplab.loadgen.lab.queue;

import static io.tcplab.kernel.TcpState.CLOSE;
import static io.tcplab.kernel.TcpState.ESTABLISHED;
import static io.tcplab.kernel.TcpState.SYN_RECV;

import io.tcplab.kernel.cable.SegmentKind;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Hold;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Sock;
import io.tcplab.loadgen.lab.Stage;
import java.util.ArrayList;
import java.util.List;

/** A3: final ACKs arrive at a full queue, with tcp_abort_on_overflow at 0 and at 1. */
public final class FinalAckAtAFullQueue implements Experiment {
    @Override
    public Card card() {
        return Card.of("A3", "tcp_abort_on_overflow is about final ACKs, not about SYNs")
                .hypothesis("tcp_abort_on_overflow resets clients whose SYN finds the queue full.")
                .claims(57)
                .needs(Need.CABLE)
                .verifies(
                        "A SYN at a full queue is dropped with either value; a final ACK is ignored with 0 and answered by RST with 1.")
                .because("The cable loses the final ACKs of three until the queue is full, so that they, and no SYN,"
                        + " meet it.")
                .reading("ip-sysctl: tcp_abort_on_overflow, net/ipv4/tcp_minisocks.c"
                        + " tcp_check_req, RFC 9293 §3.5.2, tcp(7) tcp_abort_on_overflow");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Outcome patient = overflow(lab, 0, 9000);
        Outcome abrupt = overflow(lab, 1, 9010);
        lab.claim(
                57,
                Finding.holdsIf(
                        !patient.established,
                        "clients were ESTABLISHED while the server had them in SYN_RECV at a full queue"));
        lab.expect(
                patient.established && !patient.reset,
                "with 0 the clients stay ESTABLISHED and the server in SYN_RECV");
        lab.expect(abrupt.reset, "with 1 the clients are reset");
        return Finding.holdsIf(
                abrupt.synReset,
                "a SYN was dropped with either value; final ACKs were ignored with 0 and reset with 1");
    }

    private record Outcome(boolean established, boolean reset, boolean synReset) {}

    private static Outcome overflow(Stage lab, int abort, int port) throws Exception {
        lab.server().sysctl("net.ipv4.tcp_abort_on_overflow", abort);
        Listener listener = lab.server().listen(port, 2);
        List<Sock> held = new ArrayList<>();
        try (Hold _ = lab.server().hold(SegmentKind.ACK)) {
            for (int i = 0; i < 3; i++) {
                Sock client = lab.client().open();
                Errno _ = client.connect(listener.address(), 0);
                held.add(client);
            }
            for (Sock each : held) {
                lab.expect(each, ESTABLISHED);
            }
            lab.expectCount(lab.server(), SYN_RECV, port, 3);
            // Others fill the queue while the three are still held, however long that takes: data completes their
            // handshakes, because it acknowledges as well and is not lost.
            for (int i = 0; i < 3; i++) {
                Sock other = lab.client().connect(listener);
                lab.expect("send", Errno.OK, other.send(1));
            }
            lab.expect(lab.comes(() -> listener.queueLength() == 3, 4000), "the queue is full");
        }
        Sock syn = lab.client().open();
        boolean synReset = syn.connect(listener.address(), 300) != Errno.EINPROGRESS;
        held.forEach(each -> each.send(1));
        boolean reset = lab.comes(() -> held.stream().anyMatch(each -> each.state() == CLOSE), 1500);
        boolean established = held.stream().anyMatch(each -> each.state() == ESTABLISHED)
                && lab.server().count(SYN_RECV, port) > 0;
        lab.note("tcp_abort_on_overflow=" + abort + ": reset " + reset + ", ESTABLISHED with the server in SYN_RECV "
                + established);
        return new Outcome(established, reset, synReset);
    }
}
