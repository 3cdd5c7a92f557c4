package io.tcplab.companion.misbehave;

import io.tcplab.companion.misbehave.Incoming.Read;
import java.nio.charset.StandardCharsets;

/** One connection, from its first byte to its end, by a thread of its own. */
final class MisbehavingConnection {

    private static final long MILLI = 1_000_000L;
    private static final long HEAD_NANOS = 1_000 * MILLI;
    private static final long IDLE_NANOS = 1_100 * MILLI;
    private static final long DEAF_NANOS = 300 * MILLI;
    private static final long BODY_STOPS_NANOS = 1_000 * MILLI;
    private static final long BODY_NANOS = 2_000 * MILLI;
    private static final long GREETING_NANOS = 200 * MILLI;
    private static final long BEHIND_NANOS = 300 * MILLI;
    private static final int LONGEST_HEAD = 64 * 1024;
    private static final int LARGEST_BODY = 256 * 1024;
    private static final int MOST_REQUESTS = 100;
    private static final int ABRUPT_REQUESTS = 5;
    private static final int NOT_FOUND_BYTES = 10;

    private final MisbehavingServer server;
    private final Incoming peer;
    private final Reactions reactions;
    private int requests;

    MisbehavingConnection(MisbehavingServer server, Incoming peer) {
        this.server = server;
        this.peer = peer;
        this.reactions = new Reactions(server, peer);
    }

    private boolean does(Misbehaviour kind) {
        return server.does(kind);
    }

    /** Serves until the connection is over. */
    void serve() {
        boolean goesOn = true;
        while (goesOn && !server.closed()) {
            goesOn = next();
        }
        peer.close();
    }

    /** One request; false where the connection is over, closed or to be closed. */
    private boolean next() {
        int end = headEnd();
        if (end < 0) {
            return false;
        }
        String head = peer.text().substring(0, end).stripLeading();
        peer.take(end);
        AskedHead asked = AskedHead.parse(head);
        if (!asked.clear()) {
            if (does(Misbehaviour.SILENT_ON_GARBAGE)) {
                reactions.hold();
            }
            return reactions.refuse("400 Bad Request");
        }
        if (asked.ambiguous() && !does(Misbehaviour.LENIENT)) {
            return reactions.refuse("400 Bad Request");
        }
        if (asked.bodyBytes() > LARGEST_BODY) {
            if (does(Misbehaviour.RESET_EARLY_ANSWER)) {
                reactions.respond("413 Content Too Large", 0, Reactions.CLOSES, true);
                return false;
            }
            return reactions.refuse("413 Content Too Large");
        }
        return body(asked) && answer(asked);
    }

    /** Where the next head ends in the buffer; negative where none comes, and the connection is dealt with. */
    private int headEnd() {
        long deadline = System.nanoTime() + (requests == 0 ? HEAD_NANOS : IDLE_NANOS);
        boolean greeted = requests > 0 || !does(Misbehaviour.SPEAKS_FIRST);
        while (true) {
            int end = whole(peer.text());
            if (end >= 0) {
                return end;
            }
            if (peer.length() > LONGEST_HEAD) {
                boolean _ = reactions.refuse("431 Request Header Fields Too Large");
                return -1;
            }
            boolean idle = requests > 0 && peer.length() == 0;
            long until = greeted
                    ? deadline - (idle && does(Misbehaviour.DEAF_BEFORE_CLOSE) ? DEAF_NANOS : 0)
                    : System.nanoTime() + GREETING_NANOS;
            Read read = peer.read(until);
            if (read == Read.TIMED_OUT && !greeted) {
                greeted = true;
                reactions.send("220 tcplab misbehaves\r\n".getBytes(StandardCharsets.US_ASCII));
            } else if (read != Read.DATA) {
                gone(read, idle);
                return -1;
            } else if (idle) {
                deadline = System.nanoTime() + HEAD_NANOS;
            }
        }
    }

    /** The end of a head behind any empty lines (RFC 9112 §2.2), or -1. */
    private static int whole(String text) {
        int start = 0;
        while (start < text.length() && (text.charAt(start) == '\r' || text.charAt(start) == '\n')) {
            start++;
        }
        int end = text.indexOf("\r\n\r\n", start);
        return start == text.length() || end < 0 ? -1 : end + 4;
    }

    /** No request comes any more. */
    private void gone(Read how, boolean idle) {
        boolean partial = peer.length() > 0;
        switch (how) {
            case DATA -> {}
            case END -> {
                if (requests == 0 && !partial && does(Misbehaviour.CLOSE_WAIT)) {
                    reactions.hold();
                }
            }
            case RESET -> {
                if ((partial && requests == 0 && does(Misbehaviour.LEAK_ON_RESET))
                        || (!partial
                                && requests > 0
                                && !reactions.cutOff()
                                && does(Misbehaviour.LEAK_ON_UNREAD_CLOSE))) {
                    reactions.leak();
                }
            }
            case TIMED_OUT -> timedOut(idle, partial);
        }
    }

    private void timedOut(boolean idle, boolean partial) {
        if (idle) {
            if (does(Misbehaviour.DEAF_BEFORE_CLOSE)) {
                Reactions.pause(DEAF_NANOS / MILLI);
            }
            if (does(Misbehaviour.RESET_IDLE)) {
                peer.reset();
            } else if (does(Misbehaviour.IDLE_408)) {
                reactions.respond("408 Request Timeout", 0, Reactions.CLOSES, true);
            }
        } else if (partial) {
            slow();
        } else if (does(peer.ready() ? Misbehaviour.RESET_SILENT : Misbehaviour.RESET_HANDSHAKE)) {
            peer.reset();
        }
    }

    private void slow() {
        if (does(Misbehaviour.RESET_SLOW)) {
            peer.reset();
        } else {
            boolean _ = reactions.refuse("408 Request Timeout");
        }
    }

    /** Reads the body; false where it does not come, and the connection is dealt with. */
    private boolean body(AskedHead asked) {
        if (asked.expects() && asked.bodyBytes() != 0 && !does(Misbehaviour.IGNORE_EXPECT)) {
            reactions.send("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        long deadline = System.nanoTime() + BODY_NANOS;
        while (bodyMissing(asked)) {
            Read read = peer.read(Math.min(deadline, System.nanoTime() + BODY_STOPS_NANOS));
            if (read == Read.TIMED_OUT) {
                slow();
            }
            if (read != Read.DATA || System.nanoTime() > deadline) {
                if (read == Read.DATA) {
                    slow();
                }
                return false;
            }
        }
        peer.take(asked.bodyBytes() >= 0 ? (int) asked.bodyBytes() : peer.text().indexOf("0\r\n\r\n") + 5);
        return true;
    }

    private boolean bodyMissing(AskedHead asked) {
        return asked.bodyBytes() >= 0
                ? peer.length() < asked.bodyBytes()
                : !peer.text().contains("0\r\n\r\n");
    }

    private boolean answer(AskedHead asked) {
        requests++;
        boolean behind = finIsBehind();
        if (behind && does(Misbehaviour.HALF_CLOSE_SILENCE)) {
            reactions.hold();
        }
        if (behind && !does(Misbehaviour.HALF_CLOSE_STAYS)) {
            return false;
        }
        boolean old = asked.minor() == 0 && !asked.keeps();
        boolean closes = (asked.closes() && !does(Misbehaviour.IGNORE_CLOSE))
                || (old && !does(Misbehaviour.KEEP_HTTP10))
                || requests >= MOST_REQUESTS;
        String connection = closes
                ? Reactions.CLOSES
                : (asked.minor() == 0 ? "Connection: keep-alive\r\n" : "") + "Keep-Alive: timeout="
                        + (does(Misbehaviour.CLOSE_EARLY) ? 5 : 1) + "\r\n";
        reactions.respond(
                asked.found() ? "200 OK" : "404 Not Found",
                asked.found() ? asked.size() : NOT_FOUND_BYTES,
                connection,
                !asked.method().equals("HEAD"));
        if (does(Misbehaviour.DROP_PIPELINED)) {
            peer.takeAll();
        }
        if (closes) {
            if (does(Misbehaviour.RESET_AFTER_RESPONSE)) {
                peer.reset();
            }
            return false;
        }
        if (behind || asked.closes() || old) {
            reactions.hold();
            return false;
        }
        return !does(Misbehaviour.ABRUPT_LIMIT) || requests < ABRUPT_REQUESTS;
    }

    /** Whether the peer's FIN is right behind the first request, for the kinds to which that matters: there it has some time to come. */
    private boolean finIsBehind() {
        boolean matters = does(Misbehaviour.HALF_CLOSE_SILENCE)
                || does(Misbehaviour.HALF_CLOSE_DROP)
                || does(Misbehaviour.HALF_CLOSE_STAYS);
        return matters
                && requests == 1
                && peer.length() == 0
                && peer.read(System.nanoTime() + BEHIND_NANOS) == Read.END;
    }
}
