package io.tcplab.loadgen.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What one event loop counted of one member of the mix. Written by the loop's thread alone, read by any.
 *
 * <p>A reader may see a count a moment late, never torn; after the loop has ended it sees all.
 */
public final class Ledger {

    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int STARTED = 0;
    private static final int EXCHANGES = 1;
    private static final int CONNECT_CALLS = 2;
    private static final int ABORTS = 3;
    private static final int FINS_FIRST = 4;
    private static final int ESTABLISHED = 5;
    private static final int ANNOUNCED = 6;
    private static final int SLOW_CONNECTS = 7;
    private static final int RETRANSMITTED_CONNECTS = 8;
    private static final int UNEXPECTED = 9;
    private static final int LOST = 10;
    private static final int NOT_BEGUN = 11;
    private static final int CUT_SHORT = 12;
    private static final int OUTCOMES = 13;
    private static final ConnectionOutcome[] OUTCOME_VALUES = ConnectionOutcome.values();

    private final long[] cells = new long[OUTCOMES + OUTCOME_VALUES.length];

    /** A connection was started. */
    public void started() {
        add(STARTED, 1);
    }

    /** A connection ended. */
    public void ended(ConnectionOutcome outcome) {
        add(OUTCOMES + outcome.ordinal(), 1);
    }

    /** A request was answered. */
    public void exchanged() {
        add(EXCHANGES, 1);
    }

    /** The answer was not as expected. */
    public void unexpected() {
        add(UNEXPECTED, 1);
    }

    /** A request was begun, and its connection failed before the answer was complete. */
    public void exchangeLost() {
        add(LOST, 1);
    }

    /** A request was not read to its end, for its response had come and the peer closed: which side's FIN is first is not known. */
    public void cutShort() {
        add(CUT_SHORT, 1);
    }

    /** So many planned exchanges were left when the peer closed as it had announced, and no other connection takes them. */
    public void notBegun(int exchanges) {
        add(NOT_BEGUN, exchanges);
    }

    /** connect(2) sent a SYN, or would have: it did not fail before. */
    public void connectCalled() {
        add(CONNECT_CALLS, 1);
    }

    /** A handshake was seen complete. */
    public void established() {
        add(ESTABLISHED, 1);
    }

    /** We closed with SO_LINGER {1,0}. */
    public void aborted() {
        add(ABORTS, 1);
    }

    /** We sent the first FIN. */
    public void closedFirst() {
        add(FINS_FIRST, 1);
    }

    /** The peer announced its close, and closes first whatever the plan has. */
    public void announced() {
        add(ANNOUNCED, 1);
    }

    /** A handshake took long; {@code retransmitted} = because a segment of ours was sent again. */
    public void connectedSlowly(boolean retransmitted) {
        add(SLOW_CONNECTS, 1);
        if (retransmitted) {
            add(RETRANSMITTED_CONNECTS, 1);
        }
    }

    /** Moves a connection that is still open from {@code warmup} to this ledger. */
    public void carryOver(Ledger warmup) {
        warmup.add(STARTED, -1);
        add(STARTED, 1);
    }

    private void add(int cell, long difference) {
        CELL.setOpaque(cells, cell, cells[cell] + difference);
    }

    private long get(int cell) {
        return (long) CELL.getOpaque(cells, cell);
    }

    /** Returns a copy of what has been counted. */
    public LedgerReading read() {
        long[] outcomes = new long[OUTCOME_VALUES.length];
        for (int i = 0; i < outcomes.length; i++) {
            outcomes[i] = get(OUTCOMES + i);
        }
        return new LedgerReading(
                get(STARTED),
                get(CONNECT_CALLS),
                get(ESTABLISHED),
                get(EXCHANGES),
                get(ABORTS),
                get(FINS_FIRST),
                get(ANNOUNCED),
                get(SLOW_CONNECTS),
                get(RETRANSMITTED_CONNECTS),
                get(UNEXPECTED),
                get(LOST),
                get(NOT_BEGUN),
                get(CUT_SHORT),
                outcomes);
    }
}
