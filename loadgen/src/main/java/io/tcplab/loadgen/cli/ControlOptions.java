package io.tcplab.loadgen.cli;

import io.tcplab.kernel.host.Endpoint;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where observations are served, and the secret that is asked for there. */
final class ControlOptions {

    @Option(
            names = "--control",
            paramLabel = "HOST:PORT",
            converter = EndpointOption.Listening.class,
            description =
                    "Serve the observations of one port to 'tcplab run --observe', and /metrics in OpenMetrics form.")
    private @Nullable Endpoint at;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "File with the token that --control requires; mandatory for non-loopback addresses.")
    private @Nullable Path file;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "The token itself; prefer --token-file, because other users can see a process's arguments.")
    private @Nullable String text;

    @Nullable
    Endpoint at() {
        return at;
    }

    @Nullable
    Path tokenFile() {
        return file;
    }

    @Nullable
    String token() {
        return text;
    }
}
