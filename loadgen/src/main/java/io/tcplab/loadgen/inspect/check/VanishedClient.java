package io.tcplab.loadgen.inspect.check;

import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.sockdiag.SocketReading;
import io.tcplab.kernel.sockdiag.SocketTimer;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.inspect.Check;
import io.tcplab.loadgen.inspect.CheckCard;
import io.tcplab.loadgen.inspect.CheckCard.Pace;
import io.tcplab.loadgen.inspect.CheckCard.Speaks;
import io.tcplab.loadgen.inspect.CheckVerdict;
import io.tcplab.loadgen.inspect.Contact;
import io.tcplab.loadgen.inspect.Finding;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.Unreachable;
import io.tcplab.loadgen.run.StartedServer;
import java.util.Arrays;
import java.util.Optional;

/** B5: a client that vanishes. */
public final class VanishedClient implements Check {

    private static final int LOOK_MILLIS = 5;

    @Override
    public CheckCard card() {
        return CheckCard.of("B5", "A client that vanishes")
                .speaks(Speaks.ANYTHING)
                .pace(Pace.LAST)
                .costs(2, 2)
                .observes(
                        "Whether the server's kernel probes an idle connection (SO_KEEPALIVE), or an idle timeout ends it.")
                .matters(
                        "A client whose power fails sends no FIN: without probes and timeouts its connection stays forever.")
                .order(
                        "The timer of the server's socket is read from its kernel while the connection is idle and nothing is in flight.")
                .sources("tcp(7), tcp_keepalive_time", "RFC 9293 §3.8.4", "sock_diag(7)");
    }

    @Override
    public Finding observe(Probe probe) throws Unreachable {
        if (probe.witness().isEmpty()) {
            return Finding.notObservable(
                    "the server's kernel is not this one",
                    "Run tcplab on the server's host, in its network namespace.");
        }
        Contact contact = probe.openToAsk();
        boolean answered = probe.subject().answers() && !probe.ask(contact).ends();
        // One that closes without an announcement has done so, or is about to.
        boolean kept = answered && (!probe.subject().http() || probe.baseline().keeps());
        if (probe.subject().http() && !kept) {
            // Between requests it has no connection that could be idle: the client vanishes in the middle of one.
            contact = probe.open();
            byte[] request = probe.subject().firstBytes();
            var _ = contact.send(Arrays.copyOf(request, request.length / 2));
        }
        Optional<SocketReading> end = accepted(probe, contact);
        if (end.isEmpty()) {
            return Finding.notObserved(
                    "no socket",
                    "the server's end of the connection is not in its kernel's list: something stands between, such as the proxy"
                            + " of a container's published port");
        }
        probe.note("server: " + end.get().state() + ", timer " + end.get().timer() + ", "
                + end.get().timerMillis() + " ms left");
        StartedServer started = probe.subject().started();
        if (started != null && started.isolated()) {
            return vanish(probe, contact);
        }
        if (end.get().timer() == SocketTimer.KEEPALIVE) {
            probe.figure("firstProbeMillis", end.get().timerMillis());
            return Finding.asExpected(
                    "sends keepalive probes",
                    "SO_KEEPALIVE is set: the first probe after "
                            + Math.round(end.get().timerMillis() / 1000.0) + " s of silence");
        }
        boolean timesOut = probe.earlier(kept ? "I1" : "B4")
                .filter(each -> each.finding().verdict() != CheckVerdict.NOT_OBSERVED)
                .isPresent();
        return timesOut
                ? Finding.asExpected(
                        "its idle timeout ends it",
                        "no keepalive probes; " + (kept ? "the idle timeout" : "the timeout of a silent connection")
                                + " closes such connections")
                : Finding.notObserved(
                        "no keepalive probes",
                        "SO_KEEPALIVE is not set, and no idle timeout was seen: a vanished client's connection may stay forever");
    }

    /** The client's end hears nothing from now on, and has nothing to send: only a timer of the server can end the connection. */
    private static Finding vanish(Probe probe, Contact contact) {
        awaitAcknowledged(contact);
        Errno errno = contact.vanish();
        if (!errno.ok()) {
            return Finding.notObservable(
                    "a client cannot vanish here: setsockopt(SO_ATTACH_FILTER): " + errno,
                    "Allow socket filters, which a seccomp filter may forbid.");
        }
        try {
            return whileItIsGone(probe, contact);
        } finally {
            contact.reappear();
        }
    }

    /** What is not acknowledged by then would be sent again, which no host that is gone does. */
    private static void awaitAcknowledged(Contact contact) {
        long deadline = System.nanoTime() + Contact.PATIENCE_NANOS;
        while (contact.tcpInfo().filter(each -> each.unacked() > 0).isPresent() && System.nanoTime() < deadline) {
            pause();
        }
    }

    private static Finding whileItIsGone(Probe probe, Contact contact) {
        long began = System.nanoTime();
        long deadline = began + probe.subject().patienceNanos();
        Optional<TcpState> state = state(probe, contact);
        while (state.filter(each -> each == TcpState.ESTABLISHED).isPresent()
                && System.nanoTime() < deadline
                && !probe.interrupted()) {
            pause();
            state = state(probe, contact);
        }
        long took = System.nanoTime() - began;
        if (state.filter(each -> each == TcpState.ESTABLISHED).isPresent()) {
            return Finding.notObserved(
                    "is not noticed", "a client that vanished was not noticed within " + Probe.seconds(took));
        }
        probe.time("noticedAfterSeconds", took);
        return Finding.asExpected(
                "is noticed",
                "a client that vanished was noticed after " + Probe.seconds(took)
                        + state.map(each -> " (now " + each + ")").orElse(""));
    }

    private static Optional<TcpState> state(Probe probe, Contact contact) {
        return probe.witness()
                .flatMap(witness -> witness.socket(contact.local()))
                .map(SocketReading::state);
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** The server's end once nothing is in progress: until our ACK has come, another timer runs. */
    private static Optional<SocketReading> accepted(Probe probe, Contact contact) {
        long deadline = System.nanoTime() + 1_000_000_000L;
        Optional<SocketReading> end;
        do {
            end = probe.witness().flatMap(witness -> witness.socket(contact.local()));
        } while (end.filter(each -> each.timer() != SocketTimer.RETRANSMIT).isEmpty() && System.nanoTime() < deadline);
        return end;
    }
}
