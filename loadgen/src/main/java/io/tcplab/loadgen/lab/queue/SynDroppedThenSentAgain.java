package io.tcplab.loadgen.lab.queue;

import static io.tcplab.kernel.TcpState.ESTABLISHED;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Sock;
import io.tcplab.loadgen.lab.Stage;

/** A2: a slot is freed 1.5 s after the SYN, with and without linear SYN timeouts. */
public final class SynDroppedThenSentAgain implements Experiment {
    @Override
    public Card card() {
        return Card.of("A2", "A full accept queue costs whole seconds")
                .hypothesis("A client connects as soon as there is room in the accept queue.")
                .needs(Need.NAMESPACES)
                .verifies(
                        "The connect succeeds at the next retransmission of the SYN: at 2 s, or at 3 s with tcp_syn_linear_timeouts=0.")
                .because("The slot is freed between two retransmissions.")
                .reading("ip-sysctl: tcp_syn_linear_timeouts, RFC 6298 §2, tcp(7) tcp_syn_retries");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        boolean linear = lab.client().sysctl("net.ipv4.tcp_syn_linear_timeouts").isPresent();
        double first = lateSlot(lab, 9000);
        lab.expectSeconds("connect, slot freed at 1.5 s", linear ? 2 : 3, first);
        if (linear) {
            lab.client().sysctl("net.ipv4.tcp_syn_linear_timeouts", 0);
            lab.expectSeconds("connect with tcp_syn_linear_timeouts=0", 3, lateSlot(lab, 9001));
        }
        return Finding.refuted("the slot was free after 1.5 s, the connect took " + lab.tenths(first)
                + " s: it waits for the next SYN" + (linear ? ", 3 s with tcp_syn_linear_timeouts=0" : ""));
    }

    private static double lateSlot(Stage lab, int port) throws Exception {
        Listener listener = lab.server().listen(port, 0);
        Sock filler = lab.client().connect(listener);
        lab.expect(lab.comes(() -> listener.queueLength() == 1, 2000), "the queue of one is full");
        Sock late = lab.client().open();
        double start = lab.seconds();
        Errno errno = late.connect(listener.address(), 1500);
        lab.expect("connect to the full queue", Errno.EINPROGRESS, errno);
        listener.accept().close();
        filler.close();
        lab.expect(lab.comes(() -> late.state() == ESTABLISHED, 6000), "the late client connects");
        return lab.seconds() - start;
    }
}
