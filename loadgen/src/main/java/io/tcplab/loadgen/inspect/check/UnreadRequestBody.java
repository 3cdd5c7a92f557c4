package io.tcplab.loadgen.inspect.check;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.SocketOptions;
import io.tcplab.loadgen.inspect.Answer;
import io.tcplab.loadgen.inspect.Check;
import io.tcplab.loadgen.inspect.CheckCard;
import io.tcplab.loadgen.inspect.Contact;
import io.tcplab.loadgen.inspect.Finding;
import io.tcplab.loadgen.inspect.Heard;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.Unreachable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** C5: a request body that the server does not read. */
public final class UnreadRequestBody implements Check {

    private static final int TIMES = 5;
    private static final int BODY_BYTES = 1_500_000;
    private static final int FIRST_BYTES = 32 * 1024;
    private static final int SEND_BUFFER = 32 * 1024;
    private static final long ANSWERS_EARLY_NANOS = 300_000_000L;
    private static final int CLOSES_EARLY_MILLIS = 50;
    private static final long CLOSES_NANOS = 1_000_000_000L;

    private enum Upload {
        WHOLE,
        SURVIVED,
        RESET_LATER,
        DESTROYED,
        STUCK
    }

    @Override
    public CheckCard card() {
        return CheckCard.of("C5", "A request body that is not read")
                .costs(2 * TIMES, 2 * TIMES)
                .observes(
                        "Whether the answer to an upload (413, 404, 405, …) reaches a client that sends its whole body before it reads.")
                .matters("A server that answers early and closes with unread data sends an RST:"
                        + " the client sees a broken connection instead of 413.")
                .order(
                        "32 kB are sent, then there is time for an early answer, then the rest of 1.5 MB through a small buffer;"
                                + " only then is the answer read, as most clients do.")
                .sources("Rocket#2783", "jetty#2867", "sledge#389", "RFC 9112 §9.6", "nginx lingering_close");
    }

    @Override
    public Finding observe(Probe probe) throws Unreachable {
        Uploads uploads = Uploads.of(probe);
        if (TIMES - uploads.count(Upload.WHOLE) == 1) {
            // This side may have been held up for longer than the server waits before it closes: it has to be so again.
            probe.note("one of " + TIMES + " alone: looked again");
            uploads = Uploads.of(probe);
        }
        return judged(probe, uploads);
    }

    /** What became of them, and what status the last answer had; empty where none came. */
    private record Uploads(Map<Upload, Integer> counts, String status) {

        static Uploads of(Probe probe) throws Unreachable {
            Map<Upload, Integer> counts = new EnumMap<>(Upload.class);
            String status = "";
            for (int i = 0; i < TIMES; i++) {
                StringBuilder words = new StringBuilder();
                counts.merge(upload(probe, words), 1, Integer::sum);
                status = words.isEmpty() ? status : words.toString();
            }
            return new Uploads(counts, status);
        }

        int count(Upload upload) {
            return counts.getOrDefault(upload, 0);
        }
    }

    private static Finding judged(Probe probe, Uploads uploads) {
        String status = uploads.status();
        int survived = uploads.count(Upload.SURVIVED);
        int later = uploads.count(Upload.RESET_LATER);
        int destroyed = uploads.count(Upload.DESTROYED);
        int stuck = uploads.count(Upload.STUCK);
        probe.figure("answered", uploads.count(Upload.WHOLE) + survived + later);
        probe.figure("destroyed", destroyed);
        if (destroyed + survived > 0) {
            return Finding.harmful(
                    "an RST breaks the upload",
                    "an RST ended " + (destroyed + survived) + " of " + TIMES
                            + " uploads before the body was sent; the answer was lost in " + destroyed + " of them"
                            + (status.isEmpty() ? "" : " (" + status + ")"),
                    "Finish the sending side first and read on for a while before closing"
                            + " (nginx: lingering_close), or read the body to its end.");
        }
        if (stuck > 0) {
            return Finding.harmful(
                    "the upload is stuck",
                    stuck + " of " + TIMES + " uploads were neither read nor answered within 5 s",
                    "Read the body, or answer before it.");
        }
        if (later > 0) {
            return Finding.unusual(
                    "answers, then resets",
                    later + " of " + TIMES + " uploads were answered by " + status + " and then reset",
                    "The RST may overtake the answer across a network: read on for a while before closing.");
        }
        return Finding.asExpected(
                "the answer arrives", "all of " + TIMES + " uploads of 1.5 MB were answered by " + status);
    }

    /** Time for a server that answers early to do so, and to close: what it does then must not hang on how fast this side is. */
    private static void settle(Contact contact) {
        if (contact.arrivedUnread(ANSWERS_EARLY_NANOS)) {
            try {
                Thread.sleep(CLOSES_EARLY_MILLIS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Upload upload(Probe probe, StringBuilder words) throws Unreachable {
        Contact contact =
                probe.open(socket -> socket.setOption(SocketOptions.SOL_SOCKET, SocketOptions.SO_SNDBUF, SEND_BUFFER));
        contact.takeTickets();
        byte[] body = new byte[BODY_BYTES];
        Arrays.fill(body, (byte) 'x');
        String head = probe.subject()
                .request(
                        "POST",
                        probe.subject().path(),
                        "Content-Type: application/octet-stream",
                        "Content-Length: " + BODY_BYTES);
        Contact.Sent sent = contact.send(head.getBytes(StandardCharsets.ISO_8859_1));
        if (sent.ok()) {
            sent = contact.send(Arrays.copyOf(body, FIRST_BYTES));
        }
        if (sent.ok()) {
            settle(contact);
            Contact.Sent rest = contact.send(Arrays.copyOfRange(body, FIRST_BYTES, BODY_BYTES));
            sent = new Contact.Sent(FIRST_BYTES + rest.bytes(), rest.errno());
        }
        Answer answer = contact.answer();
        words.append(answer.status() > 0 ? answer.status() : "");
        String line = "sent " + sent.bytes() + " of " + BODY_BYTES + " bytes"
                + (sent.ok() ? "" : " (" + sent.errno() + ")") + ", then read: " + answer.words();
        if (answer.came() && sent.ok()) {
            Heard after = contact.ending(CLOSES_NANOS).heard();
            contact.abort();
            probe.note(line + "; then " + after.words());
            return after instanceof Heard.Reset ? Upload.RESET_LATER : Upload.WHOLE;
        }
        probe.note(line);
        contact.abort();
        if (answer.came()) {
            return sent.errno() == Errno.EAGAIN ? Upload.WHOLE : Upload.SURVIVED;
        }
        boolean reset = (!sent.ok() && sent.errno() != Errno.EAGAIN)
                || answer.last().filter(Heard.Reset.class::isInstance).isPresent();
        return reset ? Upload.DESTROYED : Upload.STUCK;
    }
}
