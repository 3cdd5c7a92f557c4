package io.tcplab.loadgen.cli;

import io.tcplab.loadgen.rounds.Where;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a run takes place, in how many processes, and what is captured of it. */
final class RunPlaceOptions {

    @Option(
            names = "--isolate",
            paramLabel = "none|netns|docker",
            defaultValue = "none",
            description =
                    "With netns, companion and generator each run in their own network namespace, joined by a veth"
                            + " pair (198.18.0.0/24), with the profile's sysctls; root is not required. With docker, each runs in"
                            + " a container of this host's Docker engine, your own server in one of server.image.")
    Where isolation = Where.NONE;

    @Option(
            names = "--shards",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Divide the load among N generator processes and merge their results, to hold more connections than"
                            + " one process can. Without --target, each process has its own companion port.")
    int shards = 1;

    @Option(
            names = "--pcap",
            paramLabel = "FILE|slow:N",
            description = "Capture the packets between client and server as pcapng, with dropped packets marked and TLS"
                    + " secrets included; slow:N keeps only the N slowest connections, in the results directory. Needs"
                    + " --isolate netns.")
    @Nullable
    String pcap;
}
