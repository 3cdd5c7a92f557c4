package io.tcplab.loadgen.cli;

import io.tcplab.kernel.host.Endpoint;
import java.util.List;
import picocli.CommandLine.Option;

/** Which generators a lead waits for, and where. */
final class FleetOptions {

    @Option(
            names = "--generators",
            required = true,
            paramLabel = "N",
            description = "Wait for N generators (tcplab join); together they generate the profile's load exactly.")
    int generators;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:9200",
            converter = EndpointOption.Listening.class,
            description = "Where generators join (127.0.0.1:9200). Addresses that others can reach need a token.")
    Endpoint listen;

    @Option(
            names = "--groups",
            paramLabel = "NAME[,NAME]",
            split = ",",
            description =
                    "Require these groups of generators (join --as NAME). Each group generates the whole load, and the result"
                            + " compares them.")
    List<String> groups = List.of();
}
