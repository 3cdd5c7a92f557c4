package io.tcplab.loadgen.inspect.check;

import io.tcplab.loadgen.inspect.Answer;
import io.tcplab.loadgen.inspect.Check;
import io.tcplab.loadgen.inspect.CheckCard;
import io.tcplab.loadgen.inspect.Contact;
import io.tcplab.loadgen.inspect.Finding;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.Unreachable;

/** S7: a response that waits for an acknowledgement in its middle. */
public final class DelayedBody implements Check {

    private static final int REQUESTS = 20;
    private static final long LEAST_NANOS = 30_000_000L;
    private static final int SMALL = 16_384;
    private static final long LONGEST_NANOS = 30_000_000_000L;

    @Override
    public CheckCard card() {
        return CheckCard.of("S7", "A response in two pieces")
                .costs(2, 2 * REQUESTS)
                .observes(
                        "Whether small responses on a kept connection stop for about 40 ms between their head and their body.")
                .matters("Head and body in two writes, without TCP_NODELAY, wait for the client's"
                        + " delayed ACK: 40 ms each time, which looks like a slow server.")
                .order("The first bytes have arrived and the rest is small: only the server's Nagle algorithm can hold"
                        + " it back. The first requests are left out, because they are acknowledged at"
                        + " once. If responses stop, they are requested again with every segment"
                        + " acknowledged at once: a pause that remains is not caused by Nagle's"
                        + " algorithm.")
                .sources("RFC 9293 §3.7.4 (Nagle)", "RFC 1122 §4.2.3.2 (delayed ACK)", "tcp(7), TCP_NODELAY, TCP_CORK");
    }

    /** What was seen of the responses on one connection. */
    private record Stops(int seen, int late, long worstNanos) {

        /** A single one may be an accident of this machine's timing. */
        boolean most() {
            return late * 2 > seen;
        }
    }

    @Override
    public Finding observe(Probe probe) throws Unreachable {
        Stops stops = stops(probe, false);
        probe.figure("responses", stops.seen);
        probe.figure("delayed", stops.late);
        if (stops.seen < 2) {
            return Finding.notObserved(
                    "too few responses",
                    "it takes ten small responses on one connection to see it, and there were fewer");
        }
        if (!stops.most()) {
            return Finding.asExpected(
                    "without a stop", "no stop between head and body in " + stops.seen + " responses");
        }
        String sentence = stops.late + " of " + stops.seen + " responses stopped in their middle, for "
                + Probe.seconds(stops.worstNanos) + " at most";
        Stops atOnce = stops(probe, true);
        probe.figure("delayedThoughAcknowledgedAtOnce", atOnce.late);
        return atOnce.most()
                ? Finding.asExpected(
                        "stops of its own",
                        sentence + ", also where all is acknowledged at once: the server pauses itself")
                : Finding.unusual(
                        "waits for the delayed ACK",
                        sentence,
                        "Set TCP_NODELAY on the server's sockets, or write head and body together (writev, TCP_CORK, a buffered stream).");
    }

    private static Stops stops(Probe probe, boolean atOnce) throws Unreachable {
        try (Contact contact = probe.open()) {
            return stops(probe, contact, atOnce);
        }
    }

    private static Stops stops(Probe probe, Contact contact, boolean atOnce) {
        long least = LEAST_NANOS + contact.connectNanos();
        int seen = 0;
        int late = 0;
        long worst = 0;
        long began = System.nanoTime();
        for (int i = 0; i < REQUESTS && System.nanoTime() - began < LONGEST_NANOS; i++) {
            var _ = contact.send(probe.subject().get());
            if (atOnce) {
                contact.acknowledgeAtOnce();
            }
            Answer answer = contact.answer();
            if (!answer.came()) {
                break;
            }
            long gap = answer.lastNanos() - answer.firstNanos();
            if (i >= REQUESTS / 2 && answer.bodyBytes() <= SMALL) {
                seen++;
                late += gap >= least ? 1 : 0;
                worst = Math.max(worst, gap);
            }
            if (answer.ends()) {
                break;
            }
        }
        return new Stops(seen, late, worst);
    }
}
