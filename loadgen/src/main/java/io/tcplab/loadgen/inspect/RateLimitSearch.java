package io.tcplab.loadgen.inspect;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Looks for a limit of how often a server may be connected to. Connections that ask for nothing unusual, one after the other and never two
 * at a time, meet such a limit, and no other reason for which a check may have been turned away.
 */
final class RateLimitSearch {

    /** Whoever takes as many in quick succession has no limit that a check would meet. */
    static final int MOST = 60;

    /** One alone may be an accident; what is over the limit stays so for a moment. */
    private static final int IN_A_ROW = 3;

    private static final long LONGEST_NANOS = 5_000_000_000L;

    /** Nothing is sent meanwhile: some limits count what they refuse, too. */
    private static final long[] PAUSES_MILLIS = {250, 500, 1_000, 2_000, 4_000, 8_000, 16_000};

    private final Supplier<Reply> client;
    private final BooleanSupplier over;
    private String beyond = "";

    private RateLimitSearch(Supplier<Reply> client, BooleanSupplier over) {
        this.client = client;
        this.over = over;
    }

    /** The limit; empty where there is none. {@code isMet} is whether the last connection was turned away. */
    static Optional<RateLimit> of(Supplier<Reply> client, BooleanSupplier over, boolean isMet) {
        RateLimitSearch search = new RateLimitSearch(client, over);
        if (!isMet && search.answered() == MOST) {
            return Optional.empty();
        }
        for (long pause : PAUSES_MILLIS) {
            ConnectionRate.sleepUntil(System.nanoTime() + pause * 1_000_000, over);
            int answered = search.answered();
            if (answered == MOST || over.getAsBoolean()) {
                return Optional.empty();
            }
            if (answered > 0) {
                return Optional.of(new RateLimit(answered, pause / 1e3, search.beyond));
            }
        }
        return Optional.empty();
    }

    /** How many are answered before some in a row are turned away; {@link #MOST} where that does not happen. */
    private int answered() {
        int answered = 0;
        int turnedAway = 0;
        long began = System.nanoTime();
        while (answered < MOST && turnedAway < IN_A_ROW) {
            Reply reply = client.get();
            boolean silent = reply.fate() == Reply.Fate.SILENT;
            if (silent || over.getAsBoolean() || System.nanoTime() - began > LONGEST_NANOS) {
                return MOST;
            }
            if (reply.isTurnedAway()) {
                turnedAway++;
                beyond = reply.words();
            } else {
                turnedAway = 0;
                answered++;
            }
        }
        return answered;
    }
}
