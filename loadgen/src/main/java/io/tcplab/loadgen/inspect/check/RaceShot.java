package io.tcplab.loadgen.inspect.check;

/**
 * One request around a server's idle timeout, on a connection that was idle since its first response.
 *
 * @param sentMillis when it was sent, or the close was seen before it was, from the timeout of I1
 * @param earliestMillis the same, had the timeout begun as early as it can have: when the first request was sent
 * @param fate what became of it
 * @param leadMillis how long before the connection's end was seen it was sent; where it was answered, before the earlier quarter of the
 *     other connections of its round saw theirs, no number where none did; 0 where it was not sent
 * @param mostLeadMillis the same by the later quarter of them
 * @param unread whether an RST answered it where it is lost: the server had closed and has not read it
 * @param tripMillis how long the connection's handshake took
 * @param responseMillis how long its first response took
 * @param how in words
 */
record RaceShot(
        double sentMillis,
        double earliestMillis,
        Fate fate,
        double leadMillis,
        double mostLeadMillis,
        boolean unread,
        double tripMillis,
        double responseMillis,
        String how) {

    enum Fate {
        ANSWERED,
        CLOSED_BEFORE,
        LOST,
        SILENT
    }

    /** The same, with the closes that others saw, from the timeout of I1. */
    RaceShot withCloses(double earlierMillis, double laterMillis) {
        return new RaceShot(
                sentMillis,
                earliestMillis,
                fate,
                earlierMillis - sentMillis,
                laterMillis - sentMillis,
                unread,
                tripMillis,
                responseMillis,
                how);
    }

    /** The same, had its end been seen no later than this, from the timeout of I1: a busy machine looks late. */
    RaceShot withEarlierEnd(double millis) {
        double lead = Math.max(0, Math.min(leadMillis, millis - sentMillis));
        return new RaceShot(sentMillis, earliestMillis, fate, lead, lead, unread, tripMillis, responseMillis, how);
    }

    /** Whether its connection's end was seen. */
    boolean closed() {
        return fate == Fate.LOST || fate == Fate.CLOSED_BEFORE;
    }

    /** When its connection's end was seen, from the timeout of I1; only where that was seen. */
    double closeMillis() {
        return sentMillis + leadMillis;
    }
}
