package io.tcplab.loadgen.cli;

import io.tcplab.kernel.Side;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What a tuning tries, and in which combinations. */
final class MatrixOptions {

    @Option(
            names = "--sysctl",
            paramLabel = "KEY=V1,V2",
            description = "Try these values of a sysctl; may be repeated. client:KEY or server:KEY selects a side.")
    private List<String> sysctls = new ArrayList<>();

    @Option(
            names = "--side",
            paramLabel = "client|server",
            defaultValue = "client",
            description = "The side on which a sysctl is set where its key selects none (${DEFAULT-VALUE}).")
    private Side side = Side.CLIENT;

    @Option(names = "--pairwise", description = "Cover every pair of values instead of every combination.")
    private boolean pairwise;

    List<String> sysctls() {
        return sysctls;
    }

    Side side() {
        return side;
    }

    boolean pairwise() {
        return pairwise;
    }
}
