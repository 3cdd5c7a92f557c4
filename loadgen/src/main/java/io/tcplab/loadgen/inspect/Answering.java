package io.tcplab.loadgen.inspect;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether the server still answers, and whether it is a limit of connections per time that keeps it from that: such a limit is kept within
 * from then on, and is no finding of a check. One thread uses it, but for {@link #reply()} and its rate.
 */
final class Answering {

    private static final long COMES_BACK_NANOS = 30_000_000_000L;
    private static final long LOOK_AGAIN_NANOS = 250_000_000L;
    private static final long CLOSES_NANOS = 50_000_000L;
    private static final int PATIENCE_MILLIS = (int) (Contact.PATIENCE_NANOS / 1_000_000);

    /** A SYN is sent again after a second. */
    private static final int BEFORE_SYN_AGAIN_MILLIS = 900;

    private static final int MOST_SEARCHES = 2;
    private static final Finding NO_CONNECTION = Finding.notObserved("no connection", "");
    private static final Reply SILENT = new Reply(Reply.Fate.SILENT, "silence");

    private final Inspector inspector;
    private final Subject subject;
    private final ConnectionRate rate = new ConnectionRate();
    private boolean closesSilent;
    private int searches;

    Answering(Inspector inspector) {
        this.inspector = inspector;
        this.subject = inspector.subject();
    }

    /** When connections may be opened. */
    ConnectionRate rate() {
        return rate;
    }

    /** The limit that was met; absent where none was. */
    @Nullable
    RateLimit limit() {
        return rate.limit();
    }

    /** Takes from the first connection whether the server closes one that says nothing, where nothing is asked of it. */
    void begin(Contact first) {
        closesSilent = !subject.answers()
                && first.hear(System.nanoTime() + CLOSES_NANOS).isEnd();
    }

    /** What becomes of a new connection, within five seconds. */
    Reply reply() {
        return reply(PATIENCE_MILLIS);
    }

    /** The same behind a check. */
    Reply behind() {
        return inspector.interrupted() || rate.isSpent() ? Reply.ANSWERED : reply();
    }

    /** What becomes of a connection that asks for nothing unusual. */
    private Reply reply(int connectsMillis) {
        try (Probe probe = new Probe(subject, inspector, connectsMillis)) {
            try {
                Contact contact = probe.openToAsk();
                if (!subject.answers()) {
                    return staysOpen(contact);
                }
                Answer answer = subject.http() ? contact.ask(subject.get("Connection: close")) : probe.ask(contact);
                return answer.came() ? answered(contact, answer) : notAnswered(contact, answer);
            } catch (Unreachable _) {
                if (probe.isOutOfTurns()) {
                    // Not asked, to keep within the limit.
                    return Reply.ANSWERED;
                }
                return probe.isTurnedAway(NO_CONNECTION) ? new Reply(Reply.Fate.REFUSED, "refused") : SILENT;
            }
        }
    }

    private Reply answered(Contact contact, Answer answer) {
        if (subject.http()) {
            // One that is still being closed would count as another one.
            var _ = contact.ending(CLOSES_NANOS);
        }
        int usual =
                inspector.baselineIfAny().map(each -> each.answer().status()).orElse(answer.status());
        return answer.isBusy() && answer.status() != usual
                ? new Reply(Reply.Fate.BUSY, "answered by " + answer.status())
                : Reply.ANSWERED;
    }

    private static Reply notAnswered(Contact contact, Answer answer) {
        return contact.endedAtOnce()
                ? new Reply(Reply.Fate.REFUSED, answer.last().map(Heard::words).orElse("closed"))
                : SILENT;
    }

    /** Where nothing is asked, a connection is taken if it is open a moment later, or not even the first one was. */
    private Reply staysOpen(Contact contact) {
        if (closesSilent) {
            return Reply.ANSWERED;
        }
        Heard heard = contact.hear(System.nanoTime() + CLOSES_NANOS);
        return heard.isEnd() ? new Reply(Reply.Fate.REFUSED, heard.words()) : Reply.ANSWERED;
    }

    /**
     * Whether it may be a limit of connections per time that a check has met: one that is known, or that plain connections meet now. From
     * then on connections keep within it.
     */
    boolean isLimited(Observed seen, Reply reply) {
        if (seen.outOfTurns()) {
            return true;
        }
        boolean isMet = reply.isTurnedAway();
        if (!isMet && !seen.turnedAway()) {
            return false;
        }
        if (rate.limit() != null) {
            rate.slower();
            return seen.turnedAway() || seen.result().finding().verdict().isFinding();
        }
        if (searches == MOST_SEARCHES) {
            return false;
        }
        searches++;
        Optional<RateLimit> found =
                RateLimitSearch.of(() -> reply(BEFORE_SYN_AGAIN_MILLIS), inspector::interrupted, isMet);
        found.ifPresent(rate::keepWithin);
        return found.isPresent();
    }

    /** Whether waiting for turns has taken so long that no further check is worth it. */
    boolean isSpent() {
        return rate.isSpent();
    }

    /**
     * How the server did not answer a new connection, as the end of a sentence, once it answers again or half a minute is over since
     * {@code askedNanos}; empty where it does answer, or a limit that is known has turned it away.
     */
    String away(Reply reply, long askedNanos) {
        boolean back = reply.answers();
        if (back || inspector.interrupted()) {
            return "";
        }
        while (!back && !inspector.interrupted() && System.nanoTime() - askedNanos < COMES_BACK_NANOS) {
            ConnectionRate.sleepUntil(System.nanoTime() + LOOK_AGAIN_NANOS, inspector::interrupted);
            back = reply().answers();
        }
        return back && rate.limit() != null
                ? ""
                : "; then the server did not answer a new connection" + (back ? ", and did again after " : " for ")
                        + Probe.seconds(System.nanoTime() - askedNanos);
    }
}
