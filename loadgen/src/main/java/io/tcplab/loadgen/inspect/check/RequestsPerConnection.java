package io.tcplab.loadgen.inspect.check;

import io.tcplab.loadgen.inspect.Answer;
import io.tcplab.loadgen.inspect.Check;
import io.tcplab.loadgen.inspect.CheckCard;
import io.tcplab.loadgen.inspect.Contact;
import io.tcplab.loadgen.inspect.Finding;
import io.tcplab.loadgen.inspect.Heard;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.Subject;
import io.tcplab.loadgen.inspect.Unreachable;
import java.util.Optional;

/** I3: how many requests a connection may have. */
public final class RequestsPerConnection implements Check {

    private static final int USUAL = 120;
    private static final int LONG = 1_100;
    private static final long LEAST_NANOS = 10_000_000_000L;
    private static final long AT_ONCE_NANOS = 1_000_000_000L;

    @Override
    public CheckCard card() {
        return CheckCard.of("I3", "Requests per connection")
                .costs(2, 2 * USUAL)
                .speaks(CheckCard.Speaks.REQUESTS)
                .observes(
                        "After how many requests the server ends the connection, and whether it announces that by Connection: close.")
                .matters(
                        "A limit that is not announced loses the request that comes after it; a low one costs a handshake each time.")
                .order("Requests follow each other at once on one connection, each after the previous response; if it"
                        + " ends, on a second one, which distinguishes a limit of requests from"
                        + " a limit of time, and from an accident.")
                .sources("siege#252", "RFC 9112 §9.6", "nginx keepalive_requests", "Apache MaxKeepAliveRequests");
    }

    @Override
    public int requests(Subject subject) {
        return 2 * most(subject);
    }

    private static int most(Subject subject) {
        return subject.longRun() ? LONG : USUAL;
    }

    /**
     * How a connection ended.
     *
     * @param requests that were answered
     * @param last what became of the last one; empty where the connection goes on
     * @param after what came behind an announcement
     */
    private record End(int requests, Optional<Answer> last, Heard after) {}

    @Override
    public Finding observe(Probe probe) throws Unreachable {
        long began = System.nanoTime();
        End end = end(probe);
        if (end.last.isEmpty()) {
            probe.figure("requestsAnswered", end.requests);
            return Finding.notObserved(
                    "no limit",
                    end.requests + " requests per connection were answered within "
                            + Probe.seconds(System.nanoTime() - began) + "; a limit was not reached");
        }
        Answer last = end.last.get();
        if (!last.came()) {
            return abrupt(probe, end.requests, last.words());
        }
        probe.note("after the announcement: " + end.after.words());
        if (end.requests == 1) {
            probe.figure("requestsAnswered", 1);
            return Finding.asExpected(
                    "one request a connection, announced",
                    "connections are not kept, and the response "
                            + (last.announcesClose() ? "announces it" : "ends with the connection"));
        }
        return announced(probe, end);
    }

    private static End end(Probe probe) throws Unreachable {
        int most = most(probe.subject());
        long deadline =
                System.nanoTime() + Math.max(LEAST_NANOS, probe.subject().patienceNanos());
        int answered = 0;
        try (Contact contact = probe.openToAsk()) {
            while (answered < most && System.nanoTime() < deadline) {
                Answer answer = probe.ask(contact);
                answered += answer.came() ? 1 : 0;
                if (!answer.came() || answer.ends()) {
                    Heard after = answer.last()
                            .filter(Heard::isEnd)
                            .orElseGet(() -> contact.ending(AT_ONCE_NANOS).heard());
                    return new End(answered, Optional.of(answer), after);
                }
            }
        }
        return new End(answered, Optional.empty(), new Heard.Silence(System.nanoTime()));
    }

    /** A limit of requests is the same on the next connection; one of time, such as nginx's keepalive_time, gives another number. */
    private static Finding announced(Probe probe, End end) throws Unreachable {
        String sentence =
                "ends after " + counted(probe, end.requests, end(probe).requests) + ", announced by Connection: close";
        return Finding.asExpected(
                "limit announced",
                sentence + (end.after.isEnd() ? "" : "; the client has to close, the server did not within 1 s"));
    }

    /** In words, and as a figure where both connections agree. */
    private static String counted(Probe probe, int first, int then) {
        if (first == then) {
            probe.figure("requestsAnswered", then);
            return then + (then == 1 ? " request" : " requests");
        }
        probe.figure("requestsAnsweredFirst", first);
        probe.figure("requestsAnsweredThen", then);
        return first + " requests, and on the next connection after " + then
                + " (so the limit is one of time or chance, not of requests)";
    }

    /** Once may be an accident on the way, or a restart: it has to be so again. */
    private static Finding abrupt(Probe probe, int requests, String how) throws Unreachable {
        probe.note("request " + (requests + 1) + ": " + how);
        End again = end(probe);
        String once = "once, after " + requests + " requests, the next was answered by " + how;
        if (again.last.isEmpty()) {
            return Finding.notObserved(
                    "no limit", again.requests + " requests per connection were answered; " + once + ", and not again");
        }
        if (requests + again.requests == 0) {
            return Finding.notObserved("no answer", "no request was answered on two connections: " + how);
        }
        if (again.last.get().came()) {
            probe.figure("requestsAnswered", again.requests);
            return Finding.asExpected(
                    "limit announced",
                    "ends after " + again.requests + " requests, announced by Connection: close; " + once);
        }
        if (probe.isLimited() && requests != again.requests) {
            return Finding.notObserved(
                    "a limit of requests per time",
                    "ended after " + requests + " requests, and on the next connection after " + again.requests
                            + ": the server limits requests per time, too");
        }
        return Finding.harmful(
                "limit not announced",
                "ends after " + counted(probe, requests, again.requests)
                        + " without Connection: close; the next request is answered by " + how,
                "The response to the last request has to say Connection: close, so that the client sends no more.");
    }
}
