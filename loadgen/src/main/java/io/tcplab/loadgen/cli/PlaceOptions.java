package io.tcplab.loadgen.cli;

import io.tcplab.loadgen.run.ObservedPlace;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose network namespace is observed; none of them = this process's own. */
final class PlaceOptions {

    @Option(names = "--pid", paramLabel = "N", description = "Observe the network namespace of this process.")
    private @Nullable Long pid;

    @Option(names = "--netns", paramLabel = "NAME", description = "Observe this network namespace (ip netns).")
    private @Nullable String netns;

    @Option(
            names = "--container",
            paramLabel = "NAME",
            description = "Observe the network namespace of this container, by Docker's or podman's socket.")
    private @Nullable String container;

    ObservedPlace place() {
        return new ObservedPlace(pid, netns, container);
    }
}
