package io.tcplab.loadgen.judge;

import io.tcplab.companion.protocol.CloseStyle;
import io.tcplab.kernel.Side;
import io.tcplab.loadgen.plan.Close;
import io.tcplab.loadgen.plan.MixMember;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.Protocol;
import io.tcplab.loadgen.plan.TlsOptions.CloseNotify;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.LedgerReading;
import io.tcplab.loadgen.record.Measurement;

/** What a run's plan and its books leave certain of how its connections began and ended; the warm-up is included. */
final class KnownEnds {

    private final Profile profile;
    private final Measurement measured;
    private final LedgerReading total;

    KnownEnds(Profile profile, Measurement measured) {
        this.profile = profile;
        this.measured = measured;
        this.total = measured.total().plus(measured.warmupTotal());
    }

    /** All that was counted. */
    LedgerReading total() {
        return total;
    }

    /** Whether each handshake is one on both sides, and no more. */
    boolean everyHandshakeIsWhole() {
        return !profile.harmsSegments()
                && !endsBeforeTheServerHasIt()
                && total.outcome(ConnectionOutcome.REFUSED) == 0
                && total.outcome(ConnectionOutcome.TIMED_OUT) == 0;
    }

    /**
     * Where the server accepts by data (TCP_DEFER_ACCEPT, tcp(7)), a connection is its own with the first segment behind the handshake, a
     * FIN too: one that is reset before that never is (tcp_check_req(), net/ipv4/tcp_minisocks.c). What a server of the user's does is not
     * known.
     */
    private boolean endsBeforeTheServerHasIt() {
        boolean defers = profile.startsCompanion()
                ? profile.server().companion().deferAcceptSeconds() > 0
                : profile.ownServer() != null;
        return defers
                && profile.mix().stream()
                        .filter(member -> profile.protocolOf(member) instanceof Protocol.None)
                        .map(MixMember::close)
                        .anyMatch(close -> close.by() == Side.CLIENT && close.how() == CloseStyle.RST);
    }

    /** A ticket, or the peer's close_notify, that meets a socket closed without waiting for the peer is answered by RST. */
    boolean tlsMayComeAfterClose() {
        return profile.tls() != null
                && profile.mix().stream()
                        .map(MixMember::close)
                        .anyMatch(close -> close.by() == Side.CLIENT
                                && (close.how() == CloseStyle.LINGER
                                        || (close.how() == CloseStyle.FIN && !close.awaitPeer())));
    }

    /** close_notify is answered: an RST of ours that leaves the answer unread counts as TCPAbortOnClose instead (__tcp_close). */
    boolean answersMayBeUnread() {
        return profile.tls() != null
                && profile.tls().closeNotify() == CloseNotify.SEND
                && profile.mix().stream()
                        .map(MixMember::close)
                        .anyMatch(close -> close.by() == Side.CLIENT && close.how() == CloseStyle.RST);
    }

    /**
     * Whether it is known whose FIN was first, in each connection. Where a request was cut short, either side may have closed first, and by
     * RST (RFC 1122 §4.2.2.13). A lingering or abandoned connection may pass through FIN_WAIT2 as an orphan, which counts as a TIME_WAIT
     * too.
     */
    boolean everyFinIsKnown() {
        return !profile.harmsSegments()
                && !tlsMayComeAfterClose()
                && profile.mix().stream().noneMatch(this::mayBothClose)
                && total.cutShort() == 0
                && total.started() == total.outcome(ConnectionOutcome.COMPLETED)
                && profile.mix().stream()
                        .map(member -> member.close().how())
                        .noneMatch(how -> how == CloseStyle.LINGER || how == CloseStyle.ABANDON);
    }

    /** A last word may have the peer close while we do: whose FIN is first is known to the two kernels alone. */
    private boolean mayBothClose(MixMember member) {
        return member.close().by() == Side.CLIENT && profile.protocolOf(member).hasLastWord();
    }

    /** How many connections were closed first by this side's FIN, where each is known. */
    long finsFirst(Side by) {
        long sum = 0;
        for (MixMember member : profile.mix()) {
            Close close = member.close();
            boolean byFin = close.how() == CloseStyle.FIN || close.how() == CloseStyle.HALF_CLOSE;
            if (close.by() == by && byFin) {
                sum += completed(member.name());
            }
            // The server closes first where it has announced that, whatever the plan has.
            if (close.by() == Side.CLIENT) {
                sum += by == Side.SERVER ? announced(member.name()) : byFin ? -announced(member.name()) : 0;
            }
        }
        return sum;
    }

    private long announced(String member) {
        return measured.counts().getOrDefault(member, LedgerReading.ZERO).announced()
                + measured.warmupCounts()
                        .getOrDefault(member, LedgerReading.ZERO)
                        .announced();
    }

    private long completed(String member) {
        return measured.counts().getOrDefault(member, LedgerReading.ZERO).outcome(ConnectionOutcome.COMPLETED)
                + measured.warmupCounts()
                        .getOrDefault(member, LedgerReading.ZERO)
                        .outcome(ConnectionOutcome.COMPLETED);
    }
}
