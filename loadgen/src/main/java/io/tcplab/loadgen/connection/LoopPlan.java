package io.tcplab.loadgen.connection;

import io.tcplab.loadgen.connection.wire.Wires;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.CauseTally;
import java.util.List;

/**
 * What one event loop is to do.
 *
 * @param profile the whole plan
 * @param destinations where connections go, by the profile's targets; one where it has none
 * @param wires makes the loop's sockets
 * @param seed of all random choices
 * @param number of this loop, from 0
 * @param loops how many there are
 * @param cpu the CPU that is this loop's alone, or {@link #ANY_CPU}
 * @param causes where failures are told, shared by all loops
 */
public record LoopPlan(
        Profile profile,
        List<Destination> destinations,
        Wires.Factory wires,
        long seed,
        int number,
        int loops,
        int cpu,
        CauseTally causes) {

    /** The scheduler decides where the loop runs. */
    public static final int ANY_CPU = -1;

    public LoopPlan {
        destinations = List.copyOf(destinations);
    }
}
