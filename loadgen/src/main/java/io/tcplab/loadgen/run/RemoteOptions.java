package io.tcplab.loadgen.run;

import io.tcplab.kernel.host.Endpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the user said about a target that we did not start.
 *
 * @param observe control endpoint of a companion or observer beside it, absent = none
 * @param observeToken its token, absent = none
 * @param mayTest hosts that the user has answered for
 * @param keepGoing whether a run goes on that cannot reach its target
 */
public record RemoteOptions(
        @Nullable Endpoint observe, @Nullable String observeToken, List<String> mayTest, boolean keepGoing) {

    /** Nothing was said. */
    public static final RemoteOptions NONE = new RemoteOptions(null, null, List.of(), false);

    public RemoteOptions {
        mayTest = List.copyOf(mayTest);
        if (observeToken != null && observe == null) {
            throw new BadUsage("--observe-token needs --observe HOST:PORT, the endpoint that requires it.");
        }
    }

    /** For a server in an isolated network, whose kernel is observed from within: throws BadUsage where an observer was named. */
    public RemoteOptions inIsolation() {
        if (observe != null) {
            throw new BadUsage(
                    "--observe has no effect in an isolated network, where both sides are observed already: remove"
                            + " it, or use --target without isolation.");
        }
        return this;
    }
}
