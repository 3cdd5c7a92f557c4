package io.tcplab.loadgen.inspect.check;

import io.tcplab.loadgen.inspect.Check;
import io.tcplab.loadgen.inspect.CheckCard;
import io.tcplab.loadgen.inspect.Contact;
import io.tcplab.loadgen.inspect.Finding;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.Unreachable;

/** C4: the client resets in the middle of its request, and of a response. */
public final class ClientReset implements Check {

    private static final int TIMES = 20;
    private static final long LARGE = 1_000_000;

    @Override
    public CheckCard card() {
        return CheckCard.of("C4", "A client's RST in the middle")
                .costs(2 * TIMES + 1, 2 * TIMES + 1)
                .observes(
                        "Whether the next connections are answered, and whether the server frees the descriptors of those that were reset.")
                .matters("Health checks of load balancers and impatient users do this all the time; losing a descriptor"
                        + " each time ends in EMFILE.")
                .order("Half a request head is sent and then an RST, ten times; with a large"
                        + " response (--large-path) another ten in its middle.")
                .sources("accept(2), EMFILE", "RFC 9293 §3.5.2");
    }

    @Override
    public Finding observe(Probe probe) throws Unreachable {
        Descriptors before = Descriptors.of(probe);
        String half = probe.subject().get();
        for (int i = 0; i < TIMES; i++) {
            Contact contact = probe.open();
            var _ = contact.send(half.substring(0, half.length() / 2));
            contact.abort();
        }
        String large = probe.subject().largePath();
        String target = large != null
                ? large
                : probe.baseline().answer().bodyBytes() >= LARGE
                        ? probe.subject().path()
                        : "";
        for (int i = 0; i < TIMES && !target.isEmpty(); i++) {
            Contact contact = probe.open();
            contact.takeTickets();
            var _ = contact.send(probe.subject().request("GET", target));
            boolean _ = contact.arrivedUnread(Contact.PATIENCE_NANOS);
            contact.abort();
        }
        int resets = target.isEmpty() ? TIMES : 2 * TIMES;
        probe.figure("resets", resets);
        return Descriptors.finding(
                probe, before, resets, "resets in the middle of a request" + (target.isEmpty() ? "" : " or response"));
    }
}
