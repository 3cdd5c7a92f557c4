package io.tcplab.loadgen.compare;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.watch.SideFigures;
import org.jspecify.annotations.Nullable;

/**
 * What is counted for each connection. The same program under the same load makes the same segments, whatever the machine's speed, so
 * these are compared between machines too, and one run of each is enough.
 *
 * <p>The limits are for what a machine's timing does to a count: whether an ACK travels alone or with data (segments), whether a stalled
 * server drops a SYN (retransmits). More RSTs or TIME_WAITs come from the program alone.
 */
enum GateCount {
    ERRORS("errors", "connections that did not end as planned", 0.002, 0.1),
    EXCHANGE_ERRORS("exchangeErrors", "requests lost or answered unexpectedly", 0.002, 0.1),
    CLIENT_RSTS("clientRsts", "RSTs sent by the client", 0.02, 0.02),
    SERVER_RSTS("serverRsts", "RSTs sent by the server", 0.02, 0.02),
    CLIENT_TIME_WAITS("clientTimeWaits", "TIME_WAITs on the client", 0.02, 0.02),
    SERVER_TIME_WAITS("serverTimeWaits", "TIME_WAITs on the server", 0.02, 0.02),
    CLIENT_RETRANSMITS("clientRetransmits", "segments retransmitted by the client", 0.05, 0.5),
    SERVER_RETRANSMITS("serverRetransmits", "segments retransmitted by the server", 0.05, 0.5),
    CLIENT_SEGMENTS("clientSegments", "segments sent by the client", 0.2, 0.05),
    SERVER_SEGMENTS("serverSegments", "segments sent by the server", 0.2, 0.05);

    private final String key;
    private final String label;
    private final double least;
    private final double share;

    /**
     * @param least the smallest growth for each connection that counts
     * @param share the smallest growth as a share of what was before
     */
    GateCount(String key, String label, double least, double share) {
        this.key = key;
        this.label = label;
        this.least = least;
        this.share = share;
    }

    String key() {
        return key;
    }

    String label() {
        return label;
    }

    double least() {
        return least;
    }

    double share() {
        return share;
    }

    /** Whether the program alone decides it, so that also a round with a saturated generator shows a large change. */
    boolean isStructural() {
        return this == CLIENT_RSTS || this == SERVER_RSTS || this == CLIENT_TIME_WAITS || this == SERVER_TIME_WAITS;
    }

    boolean isOfKernel() {
        return this != ERRORS && this != EXCHANGE_ERRORS;
    }

    boolean isOfServersKernel() {
        return this == SERVER_RSTS
                || this == SERVER_TIME_WAITS
                || this == SERVER_RETRANSMITS
                || this == SERVER_SEGMENTS;
    }

    boolean isSegments() {
        return this == CLIENT_SEGMENTS || this == SERVER_SEGMENTS;
    }

    /** How many there were in a round; null where that side was not observed to its end. */
    @Nullable
    Double count(Summary round) {
        return switch (this) {
            case ERRORS -> (double) round.outcomes().errors();
            case EXCHANGE_ERRORS ->
                (double) (round.exchanges().lost() + round.exchanges().unexpected());
            case CLIENT_RSTS -> counter(round, Side.CLIENT, "Tcp.OutRsts");
            case SERVER_RSTS -> counter(round, Side.SERVER, "Tcp.OutRsts");
            case CLIENT_TIME_WAITS -> timeWaits(round, Side.CLIENT);
            case SERVER_TIME_WAITS -> timeWaits(round, Side.SERVER);
            case CLIENT_RETRANSMITS -> counter(round, Side.CLIENT, "Tcp.RetransSegs");
            case SERVER_RETRANSMITS -> counter(round, Side.SERVER, "Tcp.RetransSegs");
            case CLIENT_SEGMENTS -> counter(round, Side.CLIENT, "Tcp.OutSegs");
            case SERVER_SEGMENTS -> counter(round, Side.SERVER, "Tcp.OutSegs");
        };
    }

    /** Of how many connections, or exchanges, that is: the kernel counts the warm-up too. */
    double of(Summary round) {
        return switch (this) {
            case ERRORS -> round.outcomes().started();
            case EXCHANGE_ERRORS ->
                round.exchanges().answered() + round.exchanges().lost();
            case CLIENT_RSTS,
                    SERVER_RSTS,
                    CLIENT_TIME_WAITS,
                    SERVER_TIME_WAITS,
                    CLIENT_RETRANSMITS,
                    SERVER_RETRANSMITS,
                    CLIENT_SEGMENTS,
                    SERVER_SEGMENTS -> connections(round);
        };
    }

    /** All that were started, warm-up included. */
    static double connections(Summary round) {
        return (double) round.outcomes().started() + round.warmup().started();
    }

    private static @Nullable Double counter(Summary round, Side side, String name) {
        SideFigures kernel = round.kernel().of(side);
        return kernel == null || kernel.isPartial() ? null : (double) kernel.counterNamed(name);
    }

    /** TIME_WAITs that began; one that the kernel dropped at once, for tcp_max_tw_buckets, is none. */
    private static @Nullable Double timeWaits(Summary round, Side side) {
        Double begun = counter(round, side, "TcpExt.TW");
        Double killed = counter(round, side, "TcpExt.TWKilled");
        return begun == null || killed == null ? null : begun + killed;
    }
}
