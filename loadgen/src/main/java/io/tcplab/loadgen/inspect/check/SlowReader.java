package io.tcplab.loadgen.inspect.check;

import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.sockdiag.SocketReading;
import io.tcplab.kernel.syscall.SocketOptions;
import io.tcplab.kernel.syscall.TcpInfo;
import io.tcplab.loadgen.inspect.Check;
import io.tcplab.loadgen.inspect.CheckCard;
import io.tcplab.loadgen.inspect.CheckCard.Pace;
import io.tcplab.loadgen.inspect.Contact;
import io.tcplab.loadgen.inspect.Finding;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.Unreachable;
import java.util.Optional;

/** S2: a client that does not read. */
public final class SlowReader implements Check {

    private static final long LARGE = 1_000_000;
    private static final int RECEIVE_BUFFER = 4_096;
    private static final int LOOK_MILLIS = 100;

    @Override
    public CheckCard card() {
        return CheckCard.of("S2", "A reader that stops")
                .pace(Pace.PATIENT)
                .costs(4, 4)
                .observes(
                        "Whether other connections are answered while a large response is not read, and when the server gives it up.")
                .matters("A server that blocks in send stops for everyone; one that never gives up"
                        + " keeps the response in memory for each such client.")
                .order("The client's window closes and stays closed, with a response larger than all buffers on the"
                        + " way; meanwhile, other clients send requests.")
                .sources("slowhttptest (slow read)", "RFC 9293 §3.8.6.1", "nginx send_timeout");
    }

    @Override
    public Finding observe(Probe probe) throws Unreachable {
        String given = probe.subject().largePath();
        if (given == null && probe.baseline().answer().bodyBytes() < LARGE) {
            return Finding.notObservable(
                    "the response is small enough for the buffers on the way",
                    "Name a response of some megabytes by --large-path.");
        }
        Contact contact = probe.open(
                socket -> socket.setOption(SocketOptions.SOL_SOCKET, SocketOptions.SO_RCVBUF, RECEIVE_BUFFER));
        contact.takeTickets();
        long began = System.nanoTime();
        var _ = contact.send(
                probe.subject().request("GET", given == null ? probe.subject().path() : given));
        boolean arrived = contact.arrivedUnread(Contact.PATIENCE_NANOS);
        pause();
        boolean others = probe.serverAnswers();
        probe.note("first bytes: " + (arrived ? "arrived" : "none") + "; others are " + (others ? "" : "not ")
                + "answered");
        if (!others) {
            contact.abort();
            return heldUp(probe);
        }
        return givenUp(probe, contact, began);
    }

    /** The slow reader is the cause only where a client that says nothing would not do the same. */
    private static Finding heldUp(Probe probe) {
        if (probe.earlier("B3")
                .filter(each -> each.finding().observed().equals(ServesSeveralAtOnce.ONE_AT_A_TIME))
                .isPresent()) {
            return Finding.notObserved(
                    "any client holds up others",
                    "another is not answered beside a client that says nothing, either: see B3");
        }
        return Finding.harmful(
                "others are held up",
                "while one client does not read its response, another is not answered within 5 s",
                "The server blocks in send for one client: serve each connection by itself, or put a buffering proxy in front.");
    }

    private static Finding givenUp(Probe probe, Contact contact, long began) {
        String how = "";
        long deadline = began + probe.subject().patienceNanos();
        while (how.isEmpty() && System.nanoTime() < deadline && !probe.interrupted()) {
            pause();
            how = end(probe, contact);
        }
        long took = System.nanoTime() - began;
        boolean whole = isSent(probe, contact);
        contact.abort();
        if (whole) {
            return Finding.notObservable(
                    "others are answered; the server had handed the whole response to its kernel, and had nothing to give up",
                    "Name a larger response by --large-path.");
        }
        if (how.isEmpty()) {
            return Finding.notObserved(
                    "is waited for", "others are answered; the server had not given up after " + Probe.seconds(took));
        }
        probe.time("gaveUpAfterSeconds", took);
        return Finding.asExpected(
                "given up", "others are answered; the server gave up after " + Probe.seconds(took) + ": " + how);
    }

    /** An RST shows in the client's state; a close behind unsent data only in the server's. */
    private static String end(Probe probe, Contact contact) {
        Optional<TcpState> own = contact.tcpInfo().map(TcpInfo::state);
        if (own.filter(state -> state == TcpState.CLOSE).isPresent()) {
            return "reset";
        }
        return probe.witness()
                .flatMap(witness -> witness.socket(contact.local()))
                .filter(each -> each.state() != TcpState.ESTABLISHED)
                .map(each -> "closed (the server's socket is in " + each.state() + ")")
                .orElse("");
    }

    /** Whether what has arrived and what the server's kernel still holds is the whole response, as far as both are seen. */
    private static boolean isSent(Probe probe, Contact contact) {
        Optional<SocketReading> end = probe.witness().flatMap(witness -> witness.socket(contact.local()));
        Optional<TcpInfo> own = contact.tcpInfo();
        if (end.isEmpty() || own.isEmpty() || own.get().state() == TcpState.CLOSE) {
            return false;
        }
        long taken = own.get().bytesReceived() + end.get().sendQueue();
        String length = contact.answer(0).fields().getOrDefault("content-length", "");
        return length.matches("[0-9]{1,15}") && taken > Long.parseLong(length);
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
