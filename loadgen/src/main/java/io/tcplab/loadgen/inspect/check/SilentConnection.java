package io.tcplab.loadgen.inspect.check;

import io.tcplab.loadgen.inspect.Check;
import io.tcplab.loadgen.inspect.CheckCard;
import io.tcplab.loadgen.inspect.CheckCard.Pace;
import io.tcplab.loadgen.inspect.CheckCard.Speaks;
import io.tcplab.loadgen.inspect.Contact;
import io.tcplab.loadgen.inspect.Finding;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.Unreachable;
import java.util.Optional;

/** B4: a connection that says nothing. */
public final class SilentConnection implements Check {

    @Override
    public CheckCard card() {
        return CheckCard.of("B4", "A silent connection")
                .speaks(Speaks.ANYTHING)
                .pace(Pace.PATIENT)
                .costs(2, 0)
                .observes("How long a connection without a request stays open, and whether it ends by FIN, RST or 408.")
                .matters("If silent connections stay forever, each client that vanishes costs a descriptor, and a"
                        + " slow-loris attack costs all of them.")
                .order("Nothing is sent, so that only a timeout of the server can end it.")
                .sources("RFC 9110 §15.5.9 (408)", "slowloris", "nginx client_header_timeout", "Apache mod_reqtimeout");
    }

    @Override
    public Finding observe(Probe probe) throws Unreachable {
        Contact contact = probe.open();
        long began = System.nanoTime();
        try (SecondLook second = SecondLook.begin(probe, () -> Optional.of(probe.open()))) {
            Contact.Ending ending = contact.ending(probe.subject().patienceNanos());
            long took = ending.heard().atNanos() - began;
            Finding finding = TimedOut.finding(probe, ending, took, "a silent connection");
            if (!ending.heard().isEnd()) {
                contact.abort();
                return finding;
            }
            probe.time("closedAfterSeconds", took);
            return finding.and(second.words(ending.heard().atNanos()));
        }
    }
}
