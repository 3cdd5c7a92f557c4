package io.tcplab.loadgen.lab.queue;

import io.tcplab.kernel.cable.Segment;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.NativeSocket;
import io.tcplab.kernel.syscall.NativeSocket.Result;
import io.tcplab.kernel.syscall.SocketOptions;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Sock;
import io.tcplab.loadgen.lab.Stage;
import java.net.InetSocketAddress;

/** A8: two connections with TCP Fast Open, the first without a cookie. */
public final class DataInTheSyn implements Experiment {
    @Override
    public Card card() {
        return Card.of("A8", "With TCP Fast Open a SYN carries data")
                .hypothesis("A SYN carries no data.")
                .claims(2)
                .needs(Need.NAMESPACES)
                .verifies("The first SYN asks for a cookie, the second carries 5 bytes.")
                .because("The second connect comes when the client has the cookie.")
                .reading("RFC 7413 §3, tcp(7) TCP_FASTOPEN");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        lab.client().sysctl("net.ipv4.tcp_fastopen", 3);
        lab.server().sysctl("net.ipv4.tcp_fastopen", 3);
        Listener listener = lab.server()
                .listen(new InetSocketAddress(lab.server().address(), 9000), 16, socket -> {
                    Errno _ = socket.setOption(SocketOptions.IPPROTO_TCP, SocketOptions.TCP_FASTOPEN, 16);
                });
        long first = synBytes(lab, listener, 1);
        lab.expectDelta(lab.server(), KernelCounter.FAST_OPEN_COOKIE_REQUESTS, 1);
        long second = synBytes(lab, listener, 2);
        lab.expectDelta(lab.server(), KernelCounter.FAST_OPEN_PASSIVE, 1);
        lab.figure("bytes in the first SYN", first);
        lab.figure("bytes in the second SYN", second);
        lab.claim(
                2,
                first == 0 && second > 0
                        ? Finding.conditional(
                                "true by default; with TCP Fast Open and a cookie the SYN carried " + second + " bytes")
                        : Finding.holdsIf(second == 0, "the SYNs carried " + first + " and " + second + " bytes"));
        return Finding.holdsIf(
                second == 0,
                "the first SYN asked for a cookie, the second carried " + second + " bytes (TCPFastOpenPassive 1)");
    }

    private static long synBytes(Stage lab, Listener listener, int count) throws Exception {
        Sock client = lab.client().open();
        Result _ = client.raw().sendTo(new byte[5], NativeSocket.MSG_FASTOPEN, listener.address());
        Sock server = listener.accept();
        Result _ = server.read(200);
        return lab.awaitSegments("the SYN", count, s -> s.has(Segment.SYN) && !s.has(Segment.ACK))
                .getLast()
                .payloadBytes();
    }
}
