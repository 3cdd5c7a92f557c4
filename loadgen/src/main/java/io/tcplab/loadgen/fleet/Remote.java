package io.tcplab.loadgen.fleet;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.run.RemoteOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the lead's user said about the target, for a generator.
 *
 * @param observe {@code HOST:PORT} of an observer beside the target; absent = none, or another generator asks it
 * @param observeToken its token
 * @param mayTest hosts that the user has answered for
 * @param keepGoing whether a run goes on that cannot reach its target
 */
record Remote(@Nullable String observe, @Nullable String observeToken, List<String> mayTest, boolean keepGoing) {

    Remote {
        mayTest = mayTest == null ? List.of() : List.copyOf(mayTest);
    }

    /** One generator of a group asks the observer: its connections are in the counters of nobody's load. */
    static Remote of(RemoteOptions options, boolean observes) {
        Endpoint observe = options.observe();
        return new Remote(
                observe == null || !observes ? null : observe.toString(),
                observes ? options.observeToken() : null,
                options.mayTest(),
                options.keepGoing());
    }

    /** Throws IllegalArgumentException where the observer's address is none. */
    RemoteOptions options() {
        return new RemoteOptions(observe == null ? null : Endpoint.parse(observe), observeToken, mayTest, keepGoing);
    }
}
