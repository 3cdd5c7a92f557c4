package io.tcplab.loadgen.cli;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.run.RemoteOptions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a load on somebody's server needs; the same for every command that takes {@code --target}. */
final class TargetOptions {

    @Option(
            names = "--observe",
            paramLabel = "HOST:PORT",
            converter = EndpointOption.class,
            description =
                    "Control endpoint of a companion or of 'tcplab observe' on the target's host; adds the server's side to the result.")
    private @Nullable Endpoint observe;

    @Option(names = "--observe-token", paramLabel = "TOKEN", description = "The token that this endpoint requires.")
    private @Nullable String observeToken;

    @Option(
            names = "--i-may-test",
            paramLabel = "HOST",
            description = "Confirms that you may load-test this host; required for public addresses.")
    private List<String> mayTest = new ArrayList<>();

    @Option(
            names = "--keep-going",
            description = "Continue even if nothing listens or all of the first connections are refused.")
    private boolean keepGoing;

    RemoteOptions options() {
        return new RemoteOptions(observe, observeToken, mayTest, keepGoing);
    }
}
