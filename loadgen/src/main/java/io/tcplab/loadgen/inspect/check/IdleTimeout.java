package io.tcplab.loadgen.inspect.check;

import io.tcplab.loadgen.inspect.Answer;
import io.tcplab.loadgen.inspect.Check;
import io.tcplab.loadgen.inspect.CheckCard;
import io.tcplab.loadgen.inspect.CheckCard.Pace;
import io.tcplab.loadgen.inspect.Contact;
import io.tcplab.loadgen.inspect.Finding;
import io.tcplab.loadgen.inspect.Heard;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.Unreachable;
import java.util.Optional;

/** I1: the idle timeout between requests. */
public final class IdleTimeout implements Check {

    private static final double EARLY_SECONDS = 0.1;
    private static final long AT_ONCE_NANOS = 200_000_000L;

    @Override
    public CheckCard card() {
        return CheckCard.of("I1", "Idle timeout between requests")
                .pace(Pace.PATIENT)
                .costs(4, 4)
                .speaks(CheckCard.Speaks.REQUESTS)
                .observes("How long a kept connection stays open without a request, whether FIN, RST"
                        + " or 408 ends it, and whether Keep-Alive announced it.")
                .matters("A client or proxy must close its idle connections before the server does; otherwise it loses"
                        + " requests to the race (I2).")
                .order(
                        "One request is answered, then nothing is sent: the time runs from the last byte of the response.")
                .sources("growthbook-proxy#135", "nodejs/node#47130", "RFC 9112 §9.5");
    }

    @Override
    public Finding observe(Probe probe) throws Unreachable {
        Contact contact = probe.openToAsk();
        long beforeNanos = System.nanoTime();
        Answer answer = ask(probe, contact);
        if (!answer.came() || answer.ends()) {
            return notKept(
                    !answer.came()
                            ? "no response: " + answer.words()
                            : answer.announcesClose()
                                    ? "the response announces that the connection closes"
                                    : "the connection's end ends the response");
        }
        Optional<Integer> announced = answer.announcedTimeoutSeconds();
        announced.ifPresent(seconds -> probe.figure("announcedSeconds", seconds));
        Contact.Ending ending;
        String together;
        try (SecondLook second = SecondLook.begin(probe, () -> idle(probe))) {
            ending = contact.ending(probe.subject().patienceNanos());
            together = ending.heard().isEnd() ? second.words(ending.heard().atNanos()) : "";
        }
        long took = ending.heard().atNanos() - answer.lastNanos();
        if (ending.heard().isEnd() && took < AT_ONCE_NANOS && announced.isEmpty() && !keeps(probe)) {
            return notKept("the server closes after each response without announcing it (see I3): "
                    + ending.heard().words() + " after " + Probe.seconds(took));
        }
        String said = announced
                        .map(seconds -> "; Keep-Alive announced " + seconds + " s")
                        .orElse("; not announced")
                + together;
        boolean data = ending.bytes() > 0 && TimedOut.status(ending).isEmpty();
        if (data) {
            probe.note("before its end: " + ending.text());
        }
        String sentence = (data ? ending.bytes() + " bytes, " : "") + TimedOut.words(ending) + " after "
                + Probe.seconds(took) + said;
        return switch (ending.heard()) {
            case Heard.Data _, Heard.Silence _ -> {
                contact.abort();
                yield Finding.notObserved(
                        "stays open", "still open after " + Probe.seconds(took) + " without a request" + said);
            }
            case Heard.Fin _, Heard.Reset _ -> {
                double _ = probe.time("closedAfterSeconds", took);
                // This side may have read the response late: the server cannot have been idle since before it was
                // asked.
                double most = (ending.heard().atNanos() - beforeNanos) / 1e9;
                if (announced.filter(each -> most < each - EARLY_SECONDS).isPresent()) {
                    yield Finding.harmful(
                            "closes before the announced time",
                            sentence,
                            "Clients rely on Keep-Alive: timeout and send into a closed connection: announce less than the real timeout.");
                }
                yield closed(ending, data, sentence);
            }
        };
    }

    private static boolean keeps(Probe probe) {
        return !probe.subject().http() || probe.baseline().keeps();
    }

    private static Finding notKept(String why) {
        return Finding.notObserved("connections are not kept", why);
    }

    /** Apache announces its timeout only to a client that asks for the connection to be kept. */
    private static Answer ask(Probe probe, Contact contact) {
        return probe.subject().http() ? contact.ask(probe.subject().get("Connection: keep-alive")) : probe.ask(contact);
    }

    private static Optional<Contact> idle(Probe probe) throws Unreachable {
        Contact contact = probe.openToAsk();
        Answer answer = ask(probe, contact);
        return answer.came() && !answer.ends() ? Optional.of(contact) : Optional.empty();
    }

    private static Finding closed(Contact.Ending ending, boolean data, String sentence) {
        String status = TimedOut.status(ending);
        if (!status.isEmpty()) {
            return Finding.unusual(
                    status + " between requests",
                    sentence,
                    "A proxy may take this response for the answer to its next request: close idle connections silently.");
        }
        return ending.heard() instanceof Heard.Reset
                ? Finding.unusual(
                        "reset",
                        sentence,
                        "A client takes an RST for a failure where a FIN would be the normal end; look for SO_LINGER with 0 s.")
                : Finding.asExpected((data ? "data, then " : "") + "closed by FIN", sentence);
    }
}
