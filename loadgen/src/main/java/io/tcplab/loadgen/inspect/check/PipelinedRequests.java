package io.tcplab.loadgen.inspect.check;

import io.tcplab.loadgen.inspect.Answer;
import io.tcplab.loadgen.inspect.Check;
import io.tcplab.loadgen.inspect.CheckCard;
import io.tcplab.loadgen.inspect.Contact;
import io.tcplab.loadgen.inspect.Finding;
import io.tcplab.loadgen.inspect.Heard;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.Unreachable;
import java.util.ArrayList;
import java.util.List;

/** S3: requests that do not wait for the response before. */
public final class PipelinedRequests implements Check {

    private static final String MISSING = "/tcplab-inspect-nothing-is-here";
    private static final long ANSWERS_NANOS = 3_000_000_000L;
    private static final int REQUESTS = 3;

    @Override
    public CheckCard card() {
        return CheckCard.of("S3", "Pipelined requests")
                .costs(2, 4)
                .observes("Whether three requests in one segment are all answered, and in order.")
                .matters("A server that answers one request and drops those behind it leaves its client waiting; wrk's"
                        + " pipelining scripts and some proxies send such requests.")
                .order("All three reach the server's kernel before it can respond to the first; the second asks for"
                        + " something that does not exist.")
                .sources("RFC 9112 §9.3.2");
    }

    @Override
    public Finding observe(Probe probe) throws Unreachable {
        if (!probe.baseline().keeps() && !probe.baseline().answer().ends()) {
            return Finding.notObserved(
                    "connections are not kept",
                    "the server closes after each response without announcing it (see I3), so no second one can follow");
        }
        int missing;
        try (Contact alone = probe.open()) {
            missing = alone.ask(probe.subject().request("GET", MISSING, "Connection: close"))
                    .status();
        }
        int present = probe.baseline().answer().status();
        Contact contact = probe.open();
        var _ = contact.send(probe.subject().get()
                + probe.subject().request("GET", MISSING)
                + probe.subject().get());
        List<Integer> statuses = new ArrayList<>();
        Answer answer = contact.answer(probe.limit(ANSWERS_NANOS));
        boolean announced = false;
        while (answer.came() && statuses.size() < REQUESTS) {
            statuses.add(answer.status());
            // Where the connection's end is the response's, nothing can follow it either.
            announced = answer.ends();
            if (announced) {
                break;
            }
            answer = statuses.size() < REQUESTS ? contact.answer(probe.limit(ANSWERS_NANOS)) : answer;
        }
        probe.note("asked one by one: " + present + ", " + missing + "; pipelined: " + statuses + ", last: "
                + answer.words());
        probe.figure("answered", statuses.size());
        if (statuses.equals(List.of(present, missing, present))) {
            return Finding.asExpected(
                    "all in order",
                    "three requests in one segment: " + statuses
                            + (present == missing ? "; all alike, so the order is not visible" : ""));
        }
        if (statuses.size() == REQUESTS) {
            return all(List.of(present, missing, present), statuses);
        }
        if (announced) {
            return Finding.asExpected(
                    "closes after some, announced",
                    statuses.size() + " of 3 were answered, the last "
                            + (answer.announcesClose() ? "with Connection: close" : "up to the connection's end"));
        }
        contact.abort();
        String how = answer.last().map(Heard::words).orElse("no HTTP");
        return Finding.harmful(
                "some are dropped",
                statuses.size() + " of 3 were answered, then " + how,
                "The server has to keep what it has read behind a request; behind a proxy"
                        + " it may go unnoticed, because proxies do not pipeline.");
    }

    /** A limit of requests may answer 429 or 503 in place of some: that is no order. */
    private static Finding all(List<Integer> oneByOne, List<Integer> pipelined) {
        String words = "one by one the answers are " + oneByOne + ", pipelined " + pipelined;
        return pipelined.stream()
                        .sorted()
                        .toList()
                        .equals(oneByOne.stream().sorted().toList())
                ? Finding.harmful(
                        "out of order",
                        words,
                        "A client takes one response for another: answers must leave in the order of their requests.")
                : Finding.notObserved("other answers", words + ": so the order is not visible");
    }
}
