package io.tcplab.companion.misbehave;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** One way in which a server treats connections badly, and the check of {@code tcplab inspect} that finds it. */
public enum Misbehaviour {
    SPEAKS_FIRST("B2", "sends something to a client that has sent nothing for 200 ms"),
    ONE_AT_A_TIME("B3", "serves one connection at a time: the next one waits until it is closed"),
    RESET_SILENT("B4", "ends a silent connection by RST"),
    RESET_AFTER_RESPONSE("C1", "closes by RST where the client asked for Connection: close"),
    CLOSE_WAIT("C2", "does not close after a client that sent nothing has closed: CLOSE_WAIT stays"),
    HALF_CLOSE_SILENCE("C3", "does not answer a request that is followed immediately by the client's FIN"),
    HALF_CLOSE_DROP("C3", "closes without answering such a request"),
    HALF_CLOSE_STAYS("C3", "answers such a request and does not close afterwards"),
    LEAK_ON_RESET("C4", "keeps the descriptor of a connection that is reset in the middle of a request"),
    RESET_EARLY_ANSWER("C5", "answers 413 and closes with the body unread, so that an RST follows the answer"),
    LEAK_ON_UNREAD_CLOSE("C6", "keeps the descriptor of a connection that is reset after a response"),
    RESET_IDLE("I1", "ends an idle connection by RST"),
    CLOSE_EARLY("I1", "announces Keep-Alive: timeout=5 and closes after 1.1 s"),
    IDLE_408("I1", "sends 408 on an idle connection before it closes"),
    DEAF_BEFORE_CLOSE("I2", "stops reading 300 ms before it closes an idle connection"),
    ABRUPT_LIMIT("I3", "closes after five requests without announcing it"),
    IGNORE_CLOSE("I4", "keeps the connection in spite of Connection: close"),
    KEEP_HTTP10("I4", "keeps the connection of an HTTP/1.0 client that did not ask for it"),
    RESET_SLOW("S1", "ends a slow request by RST instead of 408"),
    BLOCK_ON_SLOW_READER("S2", "serves no other client while one does not read its response"),
    DROP_PIPELINED("S3", "discards what arrives together with a request, after it"),
    SILENT_ON_GARBAGE("S4", "neither answers nor closes if the first line is not a request"),
    IGNORE_EXPECT("S5", "waits silently for the body in spite of Expect: 100-continue"),
    LENIENT("S6", "answers requests with an ambiguous length or host"),
    DELAY_BODY("S7", "writes head and body apart, without TCP_NODELAY: the body waits for the client's delayed ACK"),
    NO_RESUMPTION("T1", "with --tls, resumes no session: each handshake is full"),
    NO_CLOSE_NOTIFY("T2", "with --tls, closes without close_notify"),
    RESET_HANDSHAKE("T3", "with --tls, ends an incomplete handshake by RST"),
    SHORT_QUEUE("B6", "has an accept queue of 60; found only if the inspection starts the server"),
    RESET_ON_STOP("R2", "resets its connections when it is stopped; found only if the inspection starts the server");

    private final String check;
    private final String sentence;

    Misbehaviour(String check, String sentence) {
        this.check = check;
        this.sentence = sentence;
    }

    /** The word on the command line: {@code half-close-silence}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The id of the check that finds it. */
    public String check() {
        return check;
    }

    /** Whether it is one of TLS, and needs it. */
    public boolean secure() {
        return check.startsWith("T");
    }

    /** What it does, as the end of a sentence that begins with the server. */
    public String sentence() {
        return sentence;
    }

    /** Reads {@code KIND[,KIND]}; {@code none} is the server that behaves. Throws IllegalArgumentException with one sentence. */
    public static Set<Misbehaviour> parse(String text) {
        Set<Misbehaviour> kinds = EnumSet.noneOf(Misbehaviour.class);
        for (String word : text.split(",", -1)) {
            String id = word.strip().toLowerCase(Locale.ROOT);
            if (!id.equals("none")) {
                kinds.add(Arrays.stream(values())
                        .filter(each -> each.id().equals(id))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("\"" + word.strip()
                                + "\" is no misbehaviour; there are none, "
                                + Arrays.stream(values()).map(Misbehaviour::id).collect(Collectors.joining(", ")))));
            }
        }
        return kinds;
    }
}
