package io.tcplab.loadgen.result;

import java.time.Instant;
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
        Summary.@Nullable Target target,
        Instant startedAt,
        double durationSeconds,
        long seed) {

    public Head {
        durationSeconds = Summary.thousandths(durationSeconds);
    }

    /** One of this version. */
    public static Head of(
            String profile, Summary.@Nullable Target target, Instant startedAt, double durationSeconds, long seed) {
        return new Head(Summary.SCHEMA_VERSION, profile, target, startedAt, durationSeconds, seed);
    }
}
