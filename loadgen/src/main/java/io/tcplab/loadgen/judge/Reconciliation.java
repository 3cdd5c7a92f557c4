package io.tcplab.loadgen.judge;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.TlsOptions;
import io.tcplab.loadgen.record.CauseTally;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.LedgerReading;
import io.tcplab.loadgen.record.Measurement;
import io.tcplab.loadgen.record.TlsTally;
import io.tcplab.loadgen.result.Counted;
import io.tcplab.loadgen.result.Reconciled;
import io.tcplab.loadgen.result.Reconciled.Check;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.ServerProcess;
import io.tcplab.loadgen.watch.SideFigures;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds our books against the kernel's, over the whole run, warm-up included. A check is made only where the kernel's counter means
 * exactly what we count; where connections failed half-way, or segments were dropped on purpose, what the kernel did with them
 * afterwards is not ours to count.
 */
public final class Reconciliation {

    /** Ten times as many as were seen. */
    private static final long SPARE_CHILDREN_OF = 1_000;

    private final Profile profile;
    private final Measurement measured;
    private final KernelFigures kernel;
    private final @Nullable ServerProcess companion;
    private final boolean shared;
    private final boolean oneOfSeveral;
    private final LedgerReading total;
    private final KnownEnds ends;
    private final List<Reconciled> checks = new ArrayList<>();

    private Reconciliation(
            Profile profile,
            Measurement measured,
            KernelFigures kernel,
            @Nullable ServerProcess companion,
            boolean shared,
            boolean oneOfSeveral) {
        this.shared = shared;
        this.oneOfSeveral = oneOfSeveral;
        this.profile = profile;
        this.measured = measured;
        this.kernel = kernel;
        this.companion = companion;
        this.ends = new KnownEnds(profile, measured);
        this.total = ends.total();
    }

    /**
     * Makes the checks that fit this run.
     *
     * @param shared whether both sides live in one namespace, so that its counters hold both sides' events
     */
    public static List<Reconciled> of(
            Profile profile,
            Measurement measured,
            KernelFigures kernel,
            @Nullable ServerProcess companion,
            boolean shared) {
        return of(profile, measured, kernel, companion, shared, false);
    }

    /** As above; {@code oneOfSeveral} of a generator whose target serves the others of its load too. */
    public static List<Reconciled> of(
            Profile profile,
            Measurement measured,
            KernelFigures kernel,
            @Nullable ServerProcess companion,
            boolean shared,
            boolean oneOfSeveral) {
        Reconciliation reconciliation = new Reconciliation(profile, measured, kernel, companion, shared, oneOfSeveral);
        reconciliation.client();
        reconciliation.server();
        reconciliation.resumption();
        return reconciliation.checks;
    }

    private void client() {
        SideFigures side = kernel.client();
        if (side == null) {
            return;
        }
        check(Check.CONNECTS, total.connectCalls(), side.counter(KernelCounter.ACTIVE_OPENS));
        check(Check.FAILED_CONNECTS, total.outcome(ConnectionOutcome.REFUSED) + kernelTimeouts(), attemptFails(side));
        aborts(side);
        if (ends.everyFinIsKnown()) {
            long fins = ends.finsFirst(Side.CLIENT) + (shared ? ends.finsFirst(Side.SERVER) : 0);
            check(shared ? Check.FINS_OF_BOTH : Check.CLIENT_FINS, fins, timeWaits(side));
        }
    }

    /**
     * SO_LINGER {1,0} and close() counts TCPAbortOnData (__tcp_close, net/ipv4/tcp.c); so does data that arrives after close()
     * (tcp_rcv_state_process, net/ipv4/tcp_input.c), such as the response to an exchange that we have given up. A socket that has met
     * itself may have its own request unread: its abort counts as TCPAbortOnClose then.
     */
    private void aborts(SideFigures side) {
        boolean dataMayComeAfterClose = ends.tlsMayComeAfterClose()
                || ends.answersMayBeUnread()
                || total.outcome(ConnectionOutcome.TLS_FAILED) > 0
                || total.outcome(ConnectionOutcome.SELF_CONNECTED) > 0
                || total.outcome(ConnectionOutcome.EXCHANGE_TIMED_OUT) > 0
                || total.outcome(ConnectionOutcome.CLOSE_TIMED_OUT) > 0
                || (measured.interrupted() && total.outcome(ConnectionOutcome.OPEN_AT_END) > 0);
        if (dataMayComeAfterClose) {
            return;
        }
        long kernels = side.counter(KernelCounter.ABORTS_ON_DATA);
        if (!shared) {
            check(Check.ABORTS, total.aborts(), kernels);
        } else if (companion != null && companion.counts().containsKey("closedRst")) {
            long both = total.aborts() + companion.counts().getOrDefault("closedRst", 0L);
            check(Check.ABORTS_OF_BOTH, both, kernels);
        }
    }

    private void server() {
        SideFigures side = kernel.server();
        if (side == null || side.isPartial()) {
            return;
        }
        boolean everyoneIsTaken = ends.everyHandshakeIsWhole() && side.counter(KernelCounter.LISTEN_OVERFLOWS) == 0;
        Long accepted = companion == null ? null : companion.counts().get("accepted");
        long opened = side.counter(KernelCounter.PASSIVE_OPENS);
        if (everyoneIsTaken && !servesOthers()) {
            check(Check.HANDSHAKES, total.established(), opened);
        }
        boolean queueIsEmptyAtEnd = profile.server().companion().acceptsFreely();
        if (accepted != null && queueIsEmptyAtEnd && !handshakesMayFollow(side)) {
            boolean overflowed = side.counter(KernelCounter.LISTEN_OVERFLOWS) > 0;
            checks.add(
                    Reconciled.withSpare(Check.ACCEPTED, accepted, opened, overflowed ? spareChildren(accepted) : 0));
        }
        if (!shared && ends.everyFinIsKnown() && !servesOthers()) {
            check(Check.SERVER_FINS, ends.finsFirst(Side.SERVER), timeWaits(side));
        }
    }

    /**
     * How many children the kernel may have made for nothing while handshakes had to be repeated at a full queue: it counts one before it
     * knows whether another CPU has made one of the same handshake, and throws the second away (tcp_create_openreq_child(),
     * inet_csk_complete_hashdance()). Traced: 3 of 28,625; without a full queue none of 1.7 million.
     */
    private static long spareChildren(long accepted) {
        return 1 + accepted / SPARE_CHILDREN_OF;
    }

    /**
     * The last ACK that meets a full queue is dropped; the handshake is completed when either side sends a segment again
     * (tcp_check_req(), net/ipv4/tcp_minisocks.c), and that may be between the last look and the companion's own count: while one is
     * half-open on the server's side, or waits on the client's for its first ACK.
     */
    private boolean handshakesMayFollow(SideFigures side) {
        return side.counter(KernelCounter.LISTEN_OVERFLOWS) > 0
                && (areThere(side, TcpState.SYN_RECV)
                        || areThere(kernel.client(), TcpState.ESTABLISHED)
                        || areThere(kernel.client(), TcpState.FIN_WAIT1));
    }

    private static boolean areThere(@Nullable SideFigures side, TcpState state) {
        Long atEnd = side == null ? null : side.atEnd(state.name());
        return atEnd != null && atEnd > 0;
    }

    /** What is held against the server's kernel together with what the other generators of the load counted. */
    public static Counted counted(Profile profile, Measurement measured) {
        KnownEnds ends = new KnownEnds(profile, measured);
        return new Counted(
                ends.everyHandshakeIsWhole() ? ends.total().established() : null,
                ends.everyFinIsKnown() ? ends.finsFirst(Side.SERVER) : null);
    }

    private void resumption() {
        TlsOptions asked = profile.tls();
        TlsTally.Reading tls = measured.tls();
        if (asked != null && tls != null && asked.resume() > 0) {
            long handshakes = tls.handshakes();
            checks.add(Reconciled.ofResumption(asked.resumed(handshakes), tls.resumed(), handshakes));
        }
    }

    /** A companion that was there before may have other generators' connections too: the kernel counts them all. */
    private boolean servesOthers() {
        return oneOfSeveral
                || (profile.target() != null
                        && companion != null
                        && companion.counts().getOrDefault("accepted", 0L) > total.established());
    }

    private void check(Check check, long ours, long kernels) {
        checks.add(Reconciled.of(check, ours, kernels));
    }

    private static long attemptFails(SideFigures side) {
        return side.counter(KernelCounter.ATTEMPT_FAILS);
    }

    /** TcpExt.TW counts a TIME_WAIT when it begins; beyond tcp_max_tw_buckets none begins (net/ipv4/tcp_minisocks.c). */
    public static long timeWaits(SideFigures side) {
        return side.counter(KernelCounter.TIME_WAITS) + side.counter(KernelCounter.TIME_WAIT_OVERFLOWS);
    }

    private long kernelTimeouts() {
        return measured.causes().stream()
                .filter(cause -> cause.cause().is("connect", Errno.ETIMEDOUT))
                .mapToLong(CauseTally.Counted::count)
                .sum();
    }
}
