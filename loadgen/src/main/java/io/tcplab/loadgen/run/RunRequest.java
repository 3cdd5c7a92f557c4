package io.tcplab.loadgen.run;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.plan.Profile;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the user asked for beside the profile.
 *
 * @param profile the effective profile
 * @param observe control endpoint of a companion or observer beside a foreign target, absent = none
 * @param observeToken its token, absent = none
 * @param isolation where target and generator run
 * @param mayTest hosts that the user has answered for
 * @param out the results directory itself; absent = a new one below {@code resultsRoot}
 * @param resultsRoot where results are written
 */
public record RunRequest(
        Profile profile,
        @Nullable Endpoint observe,
        @Nullable String observeToken,
        Isolation isolation,
        List<String> mayTest,
        @Nullable Path out,
        Path resultsRoot) {

    public RunRequest {
        mayTest = List.copyOf(mayTest);
    }

    /** Where target and generator run. */
    public enum Isolation {
        /** Where this process is. */
        NONE,
        /** Each in a network namespace of its own, joined by a veth pair. */
        NETNS,
        /** Both in one network namespace of their own, on 127.0.0.1. */
        LOOPBACK
    }
}
