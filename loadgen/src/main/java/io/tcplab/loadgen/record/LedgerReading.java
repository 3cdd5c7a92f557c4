package io.tcplab.loadgen.record;

/**
 * Counts at one moment.
 *
 * @param started connections started
 * @param connectCalls of these, how many reached the kernel's handshake (a SYN was sent)
 * @param established handshakes seen complete
 * @param exchanges requests answered
 * @param aborts closes by SO_LINGER {1,0}
 * @param closedFirst connections in which we sent the first FIN
 * @param announced connections that the peer closed as it had announced, before the plan's exchanges were over
 * @param slowConnects handshakes of 150 ms or more
 * @param retransmittedConnects of these, in which the kernel sent a segment again (tcpi_total_retrans)
 * @param unexpected exchanges answered otherwise than expected
 * @param lost exchanges begun whose connection failed before the answer was complete
 * @param notBegun planned exchanges that an announced close left, and that no other connection took
 * @param cutShort requests not read to their end, for the response had come and the peer closed
 * @param outcomeCounts by {@link ConnectionOutcome#ordinal}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; read through outcome()
public record LedgerReading(
        long started,
        long connectCalls,
        long established,
        long exchanges,
        long aborts,
        long closedFirst,
        long announced,
        long slowConnects,
        long retransmittedConnects,
        long unexpected,
        long lost,
        long notBegun,
        long cutShort,
        long[] outcomeCounts) {

    public static final LedgerReading ZERO =
            new LedgerReading(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, new long[ConnectionOutcome.values().length]);

    /** Returns how many connections ended so. */
    public long outcome(ConnectionOutcome outcome) {
        return outcomeCounts[outcome.ordinal()];
    }

    /** Returns how many connections have ended. */
    public long ended() {
        long sum = 0;
        for (long count : outcomeCounts) {
            sum += count;
        }
        return sum;
    }

    /** Returns how many connections ended in error. */
    public long errors() {
        long sum = 0;
        for (ConnectionOutcome outcome : ConnectionOutcome.values()) {
            sum += outcome.isError() ? outcome(outcome) : 0;
        }
        return sum;
    }

    /** Returns the sum of both. */
    public LedgerReading plus(LedgerReading other) {
        return combine(other, 1);
    }

    /** Returns what has come since {@code earlier}. */
    public LedgerReading minus(LedgerReading earlier) {
        return combine(earlier, -1);
    }

    private LedgerReading combine(LedgerReading other, int sign) {
        long[] outcomes = outcomeCounts.clone();
        for (int i = 0; i < outcomes.length; i++) {
            outcomes[i] += sign * other.outcomeCounts[i];
        }
        return new LedgerReading(
                started + sign * other.started,
                connectCalls + sign * other.connectCalls,
                established + sign * other.established,
                exchanges + sign * other.exchanges,
                aborts + sign * other.aborts,
                closedFirst + sign * other.closedFirst,
                announced + sign * other.announced,
                slowConnects + sign * other.slowConnects,
                retransmittedConnects + sign * other.retransmittedConnects,
                unexpected + sign * other.unexpected,
                lost + sign * other.lost,
                notBegun + sign * other.notBegun,
                cutShort + sign * other.cutShort,
                outcomes);
    }
}
