package io.tcplab.loadgen.plan;

import io.tcplab.companion.ServedProtocol;
import io.tcplab.companion.protocol.CloseStyle;
import io.tcplab.kernel.Side;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is spoken on a connection. Each says all that profile, help and companion have to know of it: its keys, a sentence, what it can
 * carry. To add one: its record and its line in {@link Table} here, its {@code Dialogue}, and the dialogue's line in
 * {@code Dialogue.of}.
 */
public sealed interface Protocol permits Protocol.Tcplab, Protocol.Echo, Protocol.None, Protocol.Http, Script {

    /** The protocols that there are. Not in the interface itself, whose initialisation is part of each record's. */
    final class Table {

        /** Every protocol, by its word. */
        static final List<Choice.Kind<? extends Protocol>> KINDS = List.of(
                plain(
                        "tcplab",
                        Tcplab.class,
                        new Tcplab(),
                        "the companion's framed requests, which specify the size of the response and who closes how"),
                plain("echo", Echo.class, new Echo(), "the peer sends back what it receives"),
                new Choice.Kind<>("http", Http.class, HttpKeys.FORM, "HTTP/1.1 or 1.0, against any server"),
                new Choice.Kind<>(
                        "script",
                        Script.class,
                        ScriptKeys.SHAPE,
                        "any protocol of requests and answers, against any server, described step by step"),
                plain("none", None.class, new None(), "nothing is sent: connect and close"));

        private Table() {}

        /** A protocol without keys. */
        private static <P extends Protocol> Choice.Kind<P> plain(
                String word, Class<P> type, P protocol, String sentence) {
            return new Choice.Kind<>(word, type, new Form<>(List.of(), _ -> protocol), sentence);
        }
    }

    /** In a few words, for a report: {@code HTTP GET /}. */
    String words();

    /** The keys of a mix member, besides name, weight and close, that have an effect with it. */
    Set<String> memberKeys();

    /** What a companion speaks to answer it; absent = no companion can, and a target must be named. */
    @Nullable
    ServedProtocol served();

    /** The names of the steps that have latencies of their own. */
    default Set<String> stepNames() {
        return Set.of();
    }

    /** Whether something is said before the close, by which the peer may close itself. */
    default boolean hasLastWord() {
        return false;
    }

    /** Whether an exchange ends by the peer's close, so that there is one. */
    default boolean endsByClose() {
        return false;
    }

    /** Whether the first that is said on a connection is the client's. */
    default boolean speaksFirst() {
        return true;
    }

    /** The fewest bytes that a request can have. */
    default int smallestRequest() {
        return 1;
    }

    /**
     * Says why the protocol cannot bring about that a connection ends so; null when it can.
     *
     * @param ownServer whether the target is the user's own, and not a companion
     */
    @Nullable
    String refusal(Close close, boolean ownServer);

    /** The companion's framed request, which says how much to answer and who closes how; the answer's bytes are verified. */
    record Tcplab() implements Protocol {

        static final int HEADER_BYTES = 16;

        @Override
        public String words() {
            return "tcplab protocol";
        }

        @Override
        public ServedProtocol served() {
            return ServedProtocol.TCPLAB;
        }

        @Override
        public Set<String> memberKeys() {
            return Set.of("exchanges", "request", "response", "think", "lifetime");
        }

        @Override
        public int smallestRequest() {
            return HEADER_BYTES;
        }

        @Override
        public @Nullable String refusal(Close close, boolean ownServer) {
            return null;
        }
    }

    /** The peer sends back what it receives; the bytes are verified. */
    record Echo() implements Protocol {
        @Override
        public String words() {
            return "echo";
        }

        @Override
        public ServedProtocol served() {
            return ServedProtocol.ECHO;
        }

        @Override
        public Set<String> memberKeys() {
            return Set.of("exchanges", "request", "think", "lifetime");
        }

        @Override
        public @Nullable String refusal(Close close, boolean ownServer) {
            if (close.by() == Side.CLIENT) {
                return null;
            }
            if (!ownServer) {
                return "an echo request cannot ask the companion to close; use by: client or"
                        + " protocol: tcplab, or a target that closes by itself";
            }
            return close.how() == CloseStyle.FIN || close.how() == CloseStyle.RST
                    ? null
                    : "of an echo server's closes, only fin and rst can be distinguished; write one of them";
        }
    }

    /** Nothing: connect and close. */
    record None() implements Protocol {
        @Override
        public String words() {
            return "nothing is sent";
        }

        @Override
        public boolean speaksFirst() {
            return false;
        }

        @Override
        public ServedProtocol served() {
            return ServedProtocol.NONE;
        }

        @Override
        public Set<String> memberKeys() {
            return Set.of();
        }

        @Override
        public @Nullable String refusal(Close close, boolean ownServer) {
            return close.how() == CloseStyle.HALF_CLOSE
                    ? "half-close follows a request, and protocol none sends none; write how: fin"
                    : null;
        }
    }

    /**
     * HTTP/1.x against any server; {@link HttpKeys} reads it. The last request of a connection that the server is to close asks for it.
     *
     * @param method request method
     * @param path origin-form target, beginning with a slash
     * @param version 1.0 or 1.1
     * @param headers extra request headers, in order
     * @param body what follows the head
     * @param expect which responses are as they should be
     */
    record Http(
            String method,
            String path,
            String version,
            Map<String, String> headers,
            HttpBody body,
            HttpExpectation expect)
            implements Protocol {

        public boolean isVersion10() {
            return version.equals("1.0");
        }

        /** Whether the body is sent only when the server has said that it takes it (RFC 9110 §10.1.1). */
        public boolean waitsForContinue() {
            String expect = header("Expect");
            return expect != null && expect.strip().equalsIgnoreCase("100-continue");
        }

        /** The value of one of the extra headers, whose names have no case; absent = it is not among them. */
        public @Nullable String header(String name) {
            for (Map.Entry<String, String> header : headers.entrySet()) {
                if (header.getKey().equalsIgnoreCase(name)) {
                    return header.getValue();
                }
            }
            return null;
        }

        @Override
        public String words() {
            return "HTTP " + method + " " + path
                    + (body.length() == 0 ? "" : String.format(Locale.ROOT, ", body of %,d B", body.length()));
        }

        @Override
        public ServedProtocol served() {
            return ServedProtocol.HTTP;
        }

        @Override
        public Set<String> memberKeys() {
            return Set.of("exchanges", "think", "lifetime", "reconnect");
        }

        @Override
        public @Nullable String refusal(Close close, boolean ownServer) {
            return close.by() == Side.SERVER && close.how() != CloseStyle.FIN
                    ? "an HTTP server can be asked to close (Connection: close), but not how; write how: fin"
                    : null;
        }
    }
}
