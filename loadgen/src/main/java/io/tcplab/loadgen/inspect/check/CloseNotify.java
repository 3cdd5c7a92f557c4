package io.tcplab.loadgen.inspect.check;

import io.tcplab.loadgen.inspect.Answer;
import io.tcplab.loadgen.inspect.Check;
import io.tcplab.loadgen.inspect.CheckCard;
import io.tcplab.loadgen.inspect.CheckCard.Speaks;
import io.tcplab.loadgen.inspect.Contact;
import io.tcplab.loadgen.inspect.Finding;
import io.tcplab.loadgen.inspect.Heard;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.Unreachable;

/** T2: close_notify, sent and received. */
public final class CloseNotify implements Check {

    private static final long CLOSES_NANOS = 2_000_000_000L;

    @Override
    public CheckCard card() {
        return CheckCard.of("T2", "close_notify")
                .speaks(Speaks.TLS)
                .costs(3, 3)
                .observes("Whether the server sends close_notify before its FIN, and how it answers a FIN without"
                        + " close_notify and close_notify without a FIN.")
                .matters(
                        "Without close_notify, a client cannot distinguish the end from a truncation: OpenSSL 3 reports an unexpected eof.")
                .order("The server closes first after Connection: close; then the client ends kept"
                        + " connections, once by FIN alone, once by close_notify alone.")
                .sources("openssl#1806", "RFC 8446 §6.1", "SSL_OP_IGNORE_UNEXPECTED_EOF");
    }

    @Override
    public Finding observe(Probe probe) throws Unreachable {
        if (!probe.subject().http()) {
            return Finding.notObservable("without a request the server does not close", "A server that speaks HTTP.");
        }
        Contact contact = probe.open();
        Answer answer = contact.ask(probe.subject().get("Connection: close"));
        Heard end = answer.last()
                .filter(Heard::isEnd)
                .orElseGet(() -> contact.ending(CLOSES_NANOS).heard());
        boolean notified = contact.closeNotified();
        String words = words(contact, end);
        contact.abort();
        probe.note("after Connection: close: " + (notified ? "close_notify, " : "no close_notify, ") + words);
        String fin = reaction(probe, false);
        String notify = reaction(probe, true);
        String sentence = (notified ? "close_notify, then " : "no close_notify, ") + words
                + "; a FIN without close_notify: " + fin + "; close_notify without a FIN: " + notify;
        if (!end.isEnd()) {
            return Finding.notObserved("the server does not close", sentence);
        }
        return notified
                ? Finding.asExpected("close_notify before the FIN", sentence)
                : Finding.unusual(
                        "no close_notify before the FIN",
                        sentence,
                        "RFC 8446 §6.1 requires it: without it, clients report a truncated response where no length was given.");
    }

    private static String reaction(Probe probe, boolean notify) throws Unreachable {
        Contact contact = probe.open();
        if (!contact.ask(probe.subject().get()).came()) {
            return "not asked";
        }
        if (notify) {
            boolean _ = contact.closeNotify();
        } else {
            var _ = contact.finishRaw();
        }
        Heard heard = contact.ending(CLOSES_NANOS).heard();
        String words = words(contact, heard);
        contact.abort();
        return words;
    }

    private static String words(Contact contact, Heard end) {
        return contact.endedWithoutFin() ? "no FIN" : end.words();
    }
}
