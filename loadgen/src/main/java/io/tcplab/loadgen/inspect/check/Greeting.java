package io.tcplab.loadgen.inspect.check;

import io.tcplab.loadgen.inspect.Check;
import io.tcplab.loadgen.inspect.CheckCard;
import io.tcplab.loadgen.inspect.Contact;
import io.tcplab.loadgen.inspect.Finding;
import io.tcplab.loadgen.inspect.Heard;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.Unreachable;
import java.nio.charset.StandardCharsets;

/** B2: who speaks first. */
public final class Greeting implements Check {

    private static final long SPEAKS_FIRST_NANOS = 500_000_000L;

    /** What is closed later is closed by a timeout. */
    private static final long AT_ONCE_NANOS = 50_000_000L;

    @Override
    public CheckCard card() {
        return CheckCard.of("B2", "Greeting: who speaks first")
                .speaks(CheckCard.Speaks.ANYTHING)
                .costs(1, 0)
                .observes("Whether the server sends something before the client does, and after how long.")
                .matters("A client that sends its request at once may read the greeting as the answer to it.")
                .order("The client says nothing for half a second, so that whatever comes is not an answer.")
                .sources("RFC 5321 §3.1", "RFC 9112 §2");
    }

    @Override
    public Finding observe(Probe probe) throws Unreachable {
        Contact contact = probe.open();
        long began = System.nanoTime();
        Heard heard = contact.hear(began + SPEAKS_FIRST_NANOS);
        long took = heard.atNanos() - began;
        contact.abort();
        if (heard.isEnd() && took >= SPEAKS_FIRST_NANOS) {
            // Seen late by this side: it is B4's question after how long a silent connection is ended.
            heard = new Heard.Silence(heard.atNanos());
        }
        return switch (heard) {
            case Heard.Silence _ ->
                Finding.asExpected("the client speaks first", "the server says nothing for half a second");
            case Heard.Data data -> {
                probe.time("greetingAfterSeconds", took);
                String text =
                        new String(data.bytes(), 0, Math.min(80, data.bytes().length), StandardCharsets.ISO_8859_1);
                probe.note("greeting: " + text);
                String sentence = "the server speaks first, after " + Probe.seconds(took);
                yield probe.subject().http()
                        ? Finding.unusual(
                                "the server speaks first",
                                sentence,
                                "No HTTP server does: is this the right port, and is a proxy's or TLS listener before it?")
                        : Finding.asExpected("the server speaks first", sentence);
            }
            case Heard.Fin _, Heard.Reset _ -> {
                probe.time("closedAfterSeconds", took);
                if (probe.subject().answers() && took >= AT_ONCE_NANOS) {
                    yield Finding.asExpected(
                            "the client speaks first",
                            "the server says nothing, and a silent connection is " + heard.words() + " after "
                                    + Probe.seconds(took) + " (see B4)");
                }
                yield Finding.harmful(
                        heard.words() + " before a request",
                        "a new connection is " + heard.words() + " after " + Probe.seconds(took)
                                + ", before any request",
                        "Look for a limit of connections, an address filter, or a protocol such as PROXY or TLS that has to come first.");
            }
        };
    }
}
