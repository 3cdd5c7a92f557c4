package io.tcplab.loadgen.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is shown of one experiment. */
final class LabShowOptions {

    @Option(names = "--plan", description = "Print what the experiment does without running it.")
    boolean plan;

    @Option(
            names = "--pcap",
            paramLabel = "FILE",
            description = "Write the packets between the two hosts to FILE, as pcapng.")
    @Nullable
    Path pcap;

    @Option(names = "--json", description = LabCommand.JSON)
    boolean json;
}
