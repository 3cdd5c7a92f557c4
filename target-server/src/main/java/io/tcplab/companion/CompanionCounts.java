package io.tcplab.companion;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a companion has seen since its start, summed over its event loops.
 *
 * @param accepted connections taken from the accept queue
 * @param active of these, the ones whose descriptor is still open, abandoned ones included
 * @param closedFin closed first by us with FIN
 * @param closedRst closed by us with RST, also because of a bad frame
 * @param closedHalfClose connections on which we sent FIN first and went on reading
 * @param closedLinger closed by us with SO_LINGER {1,n}
 * @param abandoned never to be closed by us
 * @param peerClosedFirst connections on which the peer's FIN came before we closed
 * @param resetsSeen connections on which the peer's RST was seen
 * @param exchanges requests answered to the last byte (echo: none)
 * @param badFrames connections given up because of a request that is none
 * @param tlsFull full handshakes of TLS that were completed
 * @param tlsResumed handshakes of TLS that resumed a session
 * @param tlsFailed connections given up because TLS failed
 * @param bytesIn bytes received
 * @param bytesOut bytes handed to connections for sending
 * @param acceptFailures accept(2) calls that failed, such as by EMFILE
 * @param cpuSeconds CPU time of the companion's process, in steps of 10 ms
 */
public record CompanionCounts(
        long accepted,
        long active,
        long closedFin,
        long closedRst,
        long closedHalfClose,
        long closedLinger,
        long abandoned,
        long peerClosedFirst,
        long resetsSeen,
        long exchanges,
        long badFrames,
        long tlsFull,
        long tlsResumed,
        long tlsFailed,
        long bytesIn,
        long bytesOut,
        long acceptFailures,
        double cpuSeconds) {

    static CompanionCounts sum(List<LoopCounters> loops, double cpuSeconds) {
        // ENDED first: a connection that ends meanwhile must not make active negative.
        long ended = sum(loops, Counter.ENDED);
        long accepted = sum(loops, Counter.ACCEPTED);
        return new CompanionCounts(
                accepted,
                accepted - ended,
                sum(loops, Counter.CLOSED_FIN),
                sum(loops, Counter.CLOSED_RST),
                sum(loops, Counter.CLOSED_HALF_CLOSE),
                sum(loops, Counter.CLOSED_LINGER),
                sum(loops, Counter.ABANDONED),
                sum(loops, Counter.PEER_CLOSED_FIRST),
                sum(loops, Counter.RESETS_SEEN),
                sum(loops, Counter.EXCHANGES),
                sum(loops, Counter.BAD_FRAMES),
                sum(loops, Counter.TLS_FULL),
                sum(loops, Counter.TLS_RESUMED),
                sum(loops, Counter.TLS_FAILED),
                sum(loops, Counter.BYTES_IN),
                sum(loops, Counter.BYTES_OUT),
                sum(loops, Counter.ACCEPT_FAILURES),
                cpuSeconds);
    }

    /** The counts by the names of their components, CPU time left out. */
    public Map<String, Long> byName() {
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("accepted", accepted);
        counts.put("active", active);
        counts.put("closedFin", closedFin);
        counts.put("closedRst", closedRst);
        counts.put("closedHalfClose", closedHalfClose);
        counts.put("closedLinger", closedLinger);
        counts.put("abandoned", abandoned);
        counts.put("peerClosedFirst", peerClosedFirst);
        counts.put("resetsSeen", resetsSeen);
        counts.put("exchanges", exchanges);
        counts.put("badFrames", badFrames);
        counts.put("tlsFull", tlsFull);
        counts.put("tlsResumed", tlsResumed);
        counts.put("tlsFailed", tlsFailed);
        counts.put("bytesIn", bytesIn);
        counts.put("bytesOut", bytesOut);
        counts.put("acceptFailures", acceptFailures);
        return counts;
    }

    private static long sum(List<LoopCounters> loops, Counter counter) {
        long sum = 0;
        for (LoopCounters loop : loops) {
            sum += loop.value(counter);
        }
        return sum;
    }
}
