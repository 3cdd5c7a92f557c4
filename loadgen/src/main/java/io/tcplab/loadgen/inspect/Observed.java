package io.tcplab.loadgen.inspect;

import org.jspecify.annotations.Nullable;

/**
 * What a check saw, and whether it saw the server or a limit of it.
 *
 * @param result what it found
 * @param turnedAway whether the server turned a connection of it away that had given it no reason
 * @param outOfTurns whether it found something or nothing, and went without connections that a known limit does not allow
 */
record Observed(CheckResult result, boolean turnedAway, boolean outOfTurns) {

    /** Whether it may have seen a limit only. */
    boolean isDisturbed() {
        return turnedAway || outOfTurns;
    }

    /** Whether it is this check's. */
    boolean is(Check check) {
        return result.card().id().equals(check.card().id());
    }

    /** The same where the limit leaves nothing to find. */
    Observed limited(@Nullable RateLimit limit) {
        return limit == null ? this : new Observed(result.with(tooMany(limit)), false, false);
    }

    /** The finding where a check needs more connections than the server allows. */
    static Finding tooMany(RateLimit limit) {
        return Finding.notObservable(
                limit.words() + "; this check needs more",
                "Leave this address out of that limit, or raise it, while the server is inspected.");
    }
}
