package io.tcplab.loadgen.fleet;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.run.BadUsage;
import io.tcplab.loadgen.run.RemoteOptions;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a lead is asked for.
 *
 * @param profile the whole load
 * @param remote what the user said about the target
 * @param generators how many are waited for
 * @param listen where they come in; port 0 is any
 * @param token what they have to know
 * @param groups names that they may join as, each of which must be there; empty = any, or none
 * @param out the results directory itself; absent = a new one below {@code resultsRoot}
 * @param resultsRoot where results are written
 */
public record LeadRequest(
        Profile profile,
        RemoteOptions remote,
        int generators,
        Endpoint listen,
        Token token,
        List<String> groups,
        @Nullable Path out,
        Path resultsRoot) {

    private static final int MOST = 1024;

    public LeadRequest {
        groups = List.copyOf(groups);
        if (generators < 1 || generators > MOST) {
            throw new BadUsage("--generators is " + generators + ", it must be from 1 to " + MOST + ".");
        }
        groups.stream().filter(group -> !group.isEmpty()).forEach(group -> GroupName.require("--groups", group));
        if (groups.size() > generators) {
            throw new BadUsage(
                    "--groups names " + groups.size() + " groups, and --generators is only " + generators + ".");
        }
    }
}
