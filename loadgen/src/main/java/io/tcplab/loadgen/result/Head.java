package io.tcplab.loadgen.result;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which run a result is of: the first keys of {@code summary.json}.
 *
 * @param schemaVersion {@link Summary#SCHEMA_VERSION}
 * @param profile the profile's name
 * @param target where the load went; absent in a file of an earlier version
 * @param startedAt when the recorded part began
 * @param durationSeconds of the recorded part
 * @param seed of every random choice, for a repeat
 */
public record Head(
        int schemaVersion,
        String profile,
        @Nullable Target target,
        Instant startedAt,
        double durationSeconds,
        long seed) {

    public Head {
        durationSeconds = Summary.thousandths(durationSeconds);
    }

    /** One of this version. */
    public static Head of(
            String profile, @Nullable Target target, Instant startedAt, double durationSeconds, long seed) {
        return new Head(Summary.SCHEMA_VERSION, profile, target, startedAt, durationSeconds, seed);
    }

    /**
     * Where the load went.
     *
     * @param asked {@code HOST:PORT} as it was asked for, of several targets all; absent for a server that the run has started
     * @param address {@code HOST:PORT} by number, which was chosen among the host's addresses; absent where there are several targets
     * @param addresses all of the host's addresses when the run began, in the resolver's order
     */
    public record Target(@Nullable String asked, @Nullable String address, List<String> addresses) {
        public Target {
            // A file of an earlier version has none.
            addresses = addresses == null ? List.of() : List.copyOf(addresses);
        }
    }
}
