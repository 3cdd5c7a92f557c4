package io.tcplab.loadgen.inspect.check;

import io.tcplab.loadgen.inspect.Contact;
import io.tcplab.loadgen.inspect.Finding;
import io.tcplab.loadgen.inspect.Heard;
import io.tcplab.loadgen.inspect.Probe;
import java.util.regex.Pattern;

/** How a server ends a connection whose client is too slow, and what that means. */
final class TimedOut {

    private static final Pattern TIMED_OUT = Pattern.compile("HTTP/1\\.[01] 408");
    private static final String NO_LIMIT =
            "Give the server a limit for the time until a whole request has come; behind a proxy that buffers requests, the proxy.";
    private static final String RESETS = "An RST leaves no TIME_WAIT and no answer: the client sees a broken connection"
            + " and not 408. Such is nginx's reset_timedout_connection.";

    private TimedOut() {}

    /** In a few words: {@code 408, closed by FIN}. */
    static String words(Contact.Ending ending) {
        String status = status(ending);
        return (status.isEmpty() ? "" : status + ", ") + ending.heard().words();
    }

    /** The status of a response that came before the end; empty where none did. */
    static String status(Contact.Ending ending) {
        return ending.text().matches("(?s)HTTP/1\\.[01] [1-9][0-9]{2}.*")
                ? ending.text().substring(9, 12)
                : "";
    }

    /** Whether a response that says so has begun. */
    static boolean says408(CharSequence text) {
        return TIMED_OUT.matcher(text).lookingAt();
    }

    /** What it means that {@code what} ended so, after {@code tookNanos}. */
    static Finding finding(Probe probe, Contact.Ending ending, long tookNanos, String what) {
        String sentence = what + ": " + words(ending) + " after " + Probe.seconds(tookNanos);
        return switch (ending.heard()) {
            case Heard.Fin _ -> Finding.asExpected(words(ending), sentence);
            case Heard.Reset _ -> Finding.unusual(words(ending), sentence, RESETS);
            case Heard.Data _, Heard.Silence _ ->
                probe.subject().longRun()
                        ? Finding.unusual("stays open", sentence, NO_LIMIT)
                        : Finding.notObserved(
                                "stays open",
                                what + " was still open after " + Probe.seconds(tookNanos) + " (--long waits longer)");
        };
    }
}
