package io.tcplab.loadgen.cli;

import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.rounds.Where;
import io.tcplab.loadgen.rounds.docker.ContainerPlace;
import io.tcplab.loadgen.rounds.docker.ContainerRun;
import io.tcplab.loadgen.run.BadUsage;
import io.tcplab.loadgen.run.Output;
import io.tcplab.loadgen.run.PcapOption;
import io.tcplab.loadgen.run.ReportedRun;
import io.tcplab.loadgen.run.RunRequest;
import io.tcplab.loadgen.run.ShardedRun;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a load profile. */
@Command(
        name = "run",
        description = "Runs a load profile. Without --target, it starts its own companion on loopback.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(paramLabel = "PROFILE", description = "The profile (a YAML file).")
    private Path file;

    @Mixin
    private ProfileOptions options;

    @Mixin
    private TargetOptions target;

    @Mixin
    private OutputOptions output;

    @Mixin
    private MetricsOption metrics;

    @Option(
            names = "--isolate",
            paramLabel = "none|netns|docker",
            defaultValue = "none",
            description =
                    "With netns, companion and generator each run in their own network namespace, joined by a veth"
                            + " pair (198.18.0.0/24), with the profile's sysctls; root is not required. With docker, each runs in"
                            + " a container of this host's Docker engine, a server of yours by server.image.")
    private Where isolation = Where.NONE;

    @Option(
            names = "--shards",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Divide the load among N generator processes and merge their results, to hold more connections than"
                            + " one process can. Without --target, each process has its own companion port.")
    private int shards = 1;

    @Option(
            names = "--pcap",
            paramLabel = "FILE|slow:N",
            description =
                    "Capture what goes over the cable between client and server as pcapng, with dropped packets marked and TLS"
                            + " secrets included; slow:N keeps only the N slowest connections, in the results directory. Needs"
                            + " --isolate netns.")
    private @Nullable String pcap;

    @Override
    public Integer call() throws CannotRun {
        ShardedRun.endWithParent();
        Profile profile = options.read(file);
        Output result = output.of(spec.commandLine());
        RunRequest request =
                new RunRequest(profile, target.options(), isolation.isolation(), result.directory(), Path.of("results"))
                        .capturing(pcap == null ? null : PcapOption.of(pcap));
        ReportedRun run = new ReportedRun(request, shards, Tcplab.class.getName(), result, metrics.at());
        if (isolation != Where.DOCKER) {
            return run.run().code();
        }
        if (shards != 1 || metrics.at() != null || pcap != null) {
            throw new BadUsage("--shards, --metrics and --pcap are for a load on this host: remove them, or --isolate docker.");
        }
        try (ContainerPlace place = ContainerPlace.open()) {
            return run.run(new ContainerRun(place, request), result.view()).code();
        }
    }
}
