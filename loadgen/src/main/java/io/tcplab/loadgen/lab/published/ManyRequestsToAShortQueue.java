package io.tcplab.loadgen.lab.published;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.NativeSocket;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.Stage;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** P2: 300 requests by 100 clients to a backlog of 5, with tcp_abort_on_overflow at 0 and at 1. */
public final class ManyRequestsToAShortQueue implements Experiment {
    private static final int CLIENTS = 100;
    private static final int REQUESTS_EACH = 3;
    private static final int PATIENCE_MILLIS = 1500;
    private static final int SERVICE_MILLIS = 4;

    /** So many overflows at least for each reset: what dropping the SYN first looks like. */
    private static final int DROPS_FOR_EACH_RESET = 4;

    @Override
    public Card card() {
        return Card.of("P2", "A backlog of 5 and 300 requests: dropped, not reset")
                .hypothesis("With tcp_abort_on_overflow=1, a full accept queue resets many of the requests.")
                .needs(Need.NAMESPACES)
                .verifies(
                        "How 300 requests of 100 clients end with each value, and what ListenOverflows and resets count.")
                .because("The server takes 4 ms for each request and each client waits 1.5 s,"
                        + " so that the queue of 5 is full most of the time.")
                .reading("D. Abraitis, Abort on overflow; ip-sysctl: tcp_abort_on_overflow; net/ipv4/tcp_input.c"
                        + " tcp_conn_request (since Linux 4.10); RFC 9293 §3.5.2 (reset generation), listen(2)");
    }

    /** How the requests of one round ended. */
    private record Tally(int answered, int timedOut, long reset, long overflows) {
        String words() {
            return answered + " answered, " + timedOut + " timed out, " + reset + " reset";
        }
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        Tally patient = round(lab, 0, 9000);
        Tally abrupt = round(lab, 1, 9001);
        lab.expect(patient.overflows > 0 && abrupt.overflows > 0, "the queue overflows with each value");
        lab.expect(patient.reset == 0, "with 0, no client is reset, " + patient.reset + " were");
        return Finding.published(
                abrupt.reset * DROPS_FOR_EACH_RESET >= abrupt.overflows,
                "in 2015, 294 answered and the rest timed out with 0, 61 reset with 1",
                "with 0 " + patient.words() + "; with 1 " + abrupt.words() + " (ListenOverflows " + patient.overflows
                        + " and " + abrupt.overflows + "): most SYNs are dropped before there is anything to reset");
    }

    private static Tally round(Stage lab, int abort, int port) throws Exception {
        lab.server().sysctl("net.ipv4.tcp_abort_on_overflow", abort);
        long before = lab.server().delta(KernelCounter.LISTEN_OVERFLOWS);
        Listener listener = lab.server().listen(port, 5);
        AtomicInteger answered = new AtomicInteger();
        AtomicInteger reset = new AtomicInteger();
        List<Thread> clients = new ArrayList<>();
        Thread server = Thread.ofPlatform().daemon(true).name("lab-slow-server").start(() -> serve(listener));
        for (int i = 0; i < CLIENTS; i++) {
            List<NativeSocket> sockets = new ArrayList<>();
            for (int j = 0; j < REQUESTS_EACH; j++) {
                sockets.add(lab.client().open().raw());
            }
            clients.add(Thread.ofPlatform()
                    .daemon(true)
                    .name("lab-client")
                    .unstarted(() -> sockets.forEach(each -> request(each, listener.address(), answered, reset))));
        }
        clients.forEach(Thread::start);
        for (Thread each : clients) {
            each.join();
        }
        server.interrupt();
        server.join();
        long overflows = lab.server().delta(KernelCounter.LISTEN_OVERFLOWS) - before;
        int timedOut = CLIENTS * REQUESTS_EACH - answered.get() - reset.get();
        Tally tally = new Tally(answered.get(), timedOut, reset.get(), overflows);
        lab.note("tcp_abort_on_overflow=" + abort + ": " + tally.words());
        lab.figure("answered with " + abort, tally.answered);
        lab.figure("timed out with " + abort, tally.timedOut);
        lab.figure("reset with " + abort, tally.reset);
        return tally;
    }

    private static void request(
            NativeSocket socket, InetSocketAddress address, AtomicInteger answered, AtomicInteger reset) {
        try (socket) {
            Errno errno = socket.connect(address, PATIENCE_MILLIS);
            if (errno.ok()) {
                errno = socket.send(new byte[64], 0).errno();
            }
            if (errno.ok()) {
                var _ = socket.await(NativeSocket.POLLIN, PATIENCE_MILLIS);
                NativeSocket.Result reply = socket.recv(new byte[64], 0);
                errno = reply.errno();
                answered.addAndGet(errno.ok() && reply.value() > 0 ? 1 : 0);
            }
            reset.addAndGet(errno == Errno.ECONNRESET || errno == Errno.EPIPE ? 1 : 0);
        }
    }

    private static void serve(Listener listener) {
        while (!Thread.currentThread().isInterrupted()) {
            var _ = listener.raw().await(NativeSocket.POLLIN, 50);
            NativeSocket taken = listener.raw().accept().socket();
            if (taken != null) {
                try (taken) {
                    var _ = taken.await(NativeSocket.POLLIN, 20);
                    var _ = taken.recv(new byte[64], NativeSocket.MSG_DONTWAIT);
                    Thread.sleep(SERVICE_MILLIS);
                    var _ = taken.send(new byte[64], 0);
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
