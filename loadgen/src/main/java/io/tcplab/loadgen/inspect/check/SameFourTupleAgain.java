package io.tcplab.loadgen.inspect.check;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.NativeSocket;
import io.tcplab.kernel.syscall.SocketOptions;
import io.tcplab.loadgen.inspect.Answer;
import io.tcplab.loadgen.inspect.Check;
import io.tcplab.loadgen.inspect.CheckCard;
import io.tcplab.loadgen.inspect.CheckVerdict;
import io.tcplab.loadgen.inspect.Contact;
import io.tcplab.loadgen.inspect.Finding;
import io.tcplab.loadgen.inspect.Heard;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.Unreachable;

/** C7: the same 4-tuple again while the server has it in TIME_WAIT. */
public final class SameFourTupleAgain implements Check {

    private static final int TRIES = 10;
    private static final String NOT_FIRST = "the server did not close first";
    private static final int LAST_ACK_MILLIS = 20;
    private static final long CLOSES_NANOS = 3_000_000_000L;

    @Override
    public CheckCard card() {
        return CheckCard.of("C7", "The same address and port again")
                .costs(2 * TRIES, 2 * TRIES)
                .observes("Whether a connection from the same address and port is accepted while the server has the old"
                        + " one in TIME_WAIT.")
                .matters("Clients behind a NAT and load balancers reuse ports within a minute; a server that does not"
                        + " answer costs them a second or more.")
                .order(
                        "The server closes first and so keeps TIME_WAIT; the client binds the same port and connects again at once.")
                .sources("RFC 6191", "RFC 9293 §3.6.1", "net/ipv4/tcp_minisocks.c, tcp_timewait_state_process");
    }

    /** The port may be taken by another program meanwhile, or our last ACK be under way: then it is tried again. */
    @Override
    public Finding observe(Probe probe) throws Unreachable {
        Finding finding = once(probe);
        for (int i = 1;
                i < TRIES
                        && finding.verdict() == CheckVerdict.NOT_OBSERVED
                        && !finding.observed().equals(NOT_FIRST);
                i++) {
            finding = once(probe);
        }
        return finding;
    }

    private static Finding once(Probe probe) throws Unreachable {
        Contact first = probe.open(SameFourTupleAgain::reusable);
        Answer answer = first.ask(probe.subject().get("Connection: close"));
        Heard end = answer.last()
                .filter(Heard::isEnd)
                .orElseGet(() -> first.ending(CLOSES_NANOS).heard());
        if (!answer.came() || !(end instanceof Heard.Fin) || first.endedWithoutFin()) {
            return Finding.notObserved(
                    end.isEnd() && !first.endedWithoutFin() ? "the server did not close by FIN" : NOT_FIRST,
                    "the server did not close by FIN within 3 s, so it has no TIME_WAIT");
        }
        first.close();
        awaitLastAck();
        long began = System.nanoTime();
        try {
            Contact second = probe.open(socket -> {
                reusable(socket);
                Errno errno = socket.bind(first.local());
                probe.note("bind to " + first.local() + ": " + errno);
            });
            probe.time("connectSeconds", second.connectNanos());
            boolean same = second.local().equals(first.local());
            boolean answered =
                    second.ask(probe.subject().get("Connection: close")).came();
            return same && answered
                    ? Finding.asExpected(
                            "opens again at once",
                            "taken again after " + Probe.seconds(second.connectNanos()) + ", and answered")
                    : Finding.notObserved(
                            same ? "no answer" : "another port",
                            same ? "taken again, and not answered" : "the port could not be bound again on this side");
        } catch (Unreachable e) {
            if (String.valueOf(e.getMessage()).contains("EADDR")) {
                return Finding.notObserved(
                        "another port", "the port could not be used again on this side: " + e.getMessage());
            }
            return Finding.unusual(
                    "does not open again",
                    "the same port was not taken again: " + e.getMessage() + " after "
                            + Probe.seconds(System.nanoTime() - began),
                    "Look for a firewall or load balancer that still tracks the old connection,"
                            + " and for timestamps that are off or randomized (RFC 6191).");
        }
    }

    private static void awaitLastAck() {
        try {
            Thread.sleep(LAST_ACK_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void reusable(NativeSocket socket) {
        Errno _ = socket.setOption(SocketOptions.SOL_SOCKET, SocketOptions.SO_REUSEADDR, 1);
    }
}
