package io.tcplab.loadgen.inspect.check;

import io.tcplab.loadgen.inspect.Answer;
import io.tcplab.loadgen.inspect.Check;
import io.tcplab.loadgen.inspect.CheckCard;
import io.tcplab.loadgen.inspect.Contact;
import io.tcplab.loadgen.inspect.Finding;
import io.tcplab.loadgen.inspect.Heard;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.Unreachable;

/** I3: how many requests a connection may have. */
public final class RequestsPerConnection implements Check {

    private static final int USUAL = 120;
    private static final int LONG = 1_100;
    private static final long AT_ONCE_NANOS = 1_000_000_000L;

    @Override
    public CheckCard card() {
        return CheckCard.of("I3", "Requests per connection")
                .costs(1, USUAL)
                .speaks(CheckCard.Speaks.REQUESTS)
                .observes(
                        "After how many requests the server ends the connection, and whether it announces that by Connection: close.")
                .matters(
                        "A limit that is not announced loses the request that comes after it; a low one costs a handshake each time.")
                .order("Requests follow each other at once on one connection, each after the response before it.")
                .sources("siege#252", "RFC 9112 §9.6", "nginx keepalive_requests", "Apache MaxKeepAliveRequests");
    }

    @Override
    public Finding observe(Probe probe) throws Unreachable {
        Contact contact = probe.openToAsk();
        int most = probe.subject().longRun() ? LONG : USUAL;
        for (int i = 1; i <= most; i++) {
            Answer answer = probe.ask(contact);
            if (!answer.came()) {
                probe.figure("requestsAnswered", i - 1);
                return abrupt(probe, i - 1, answer.words());
            }
            boolean readUntilTheEnd = answer.last().isPresent();
            if (answer.announcesClose() || readUntilTheEnd) {
                probe.figure("requestsAnswered", i);
                return announced(probe, contact, i, answer);
            }
        }
        probe.figure("requestsAnswered", most);
        return Finding.notObserved(
                "no limit", most + " requests per connection were answered; a limit was not reached");
    }

    private static Finding announced(Probe probe, Contact contact, int requests, Answer answer) {
        Heard heard =
                answer.last().orElseGet(() -> contact.ending(AT_ONCE_NANOS).heard());
        probe.note("after the announcement: " + heard.words());
        return requests == 1
                ? Finding.asExpected(
                        "one request a connection, announced",
                        "connections are not kept, and the response announces it")
                : Finding.asExpected(
                        "limit announced", "ends after " + requests + " requests, announced by Connection: close");
    }

    private static Finding abrupt(Probe probe, int requests, String how) {
        probe.note("request " + (requests + 1) + ": " + how);
        return Finding.harmful(
                "limit not announced",
                "ends after " + requests + " requests without Connection: close; the next request is answered by "
                        + how,
                "The response to the last request has to say Connection: close, so that the client sends no more.");
    }
}
