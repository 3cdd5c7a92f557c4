package io.tcplab.loadgen.inspect.check;

import io.tcplab.loadgen.inspect.Check;
import io.tcplab.loadgen.inspect.CheckCard;
import io.tcplab.loadgen.inspect.Contact;
import io.tcplab.loadgen.inspect.Finding;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.Unreachable;

/** C6: the client closes with the response unread. */
public final class UnreadResponse implements Check {

    private static final int TIMES = 20;

    @Override
    public CheckCard card() {
        return CheckCard.of("C6", "A client closes with the response unread")
                .costs(TIMES + 1, TIMES + 1)
                .speaks(CheckCard.Speaks.REQUESTS)
                .observes("Whether the next connections are answered, and whether the server frees the descriptors.")
                .matters("close(2) with unread data sends an RST: a server that meets it between two"
                        + " requests must not take it for more than the end of one connection.")
                .order(
                        "The response is in the client's kernel when it closes; so the RST reaches a server that has nothing left to do.")
                .sources("RFC 1122 §4.2.2.13", "RFC 2525 §2.17");
    }

    @Override
    public Finding observe(Probe probe) throws Unreachable {
        Descriptors before = Descriptors.of(probe);
        int unread = 0;
        for (int i = 0; i < TIMES; i++) {
            Contact contact = probe.openToAsk();
            contact.takeTickets();
            var _ = contact.send(probe.subject().firstBytes());
            unread += contact.arrivedUnread(Contact.PATIENCE_NANOS) ? 1 : 0;
            contact.close();
        }
        probe.figure("closedUnread", unread);
        return Descriptors.finding(probe, before, TIMES, "closes with an unread response");
    }
}
