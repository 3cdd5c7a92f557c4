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
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Runs a load profile. */
@Command(
        name = "run",
        description = "Runs a load profile. Without --target, it starts its own companion on loopback.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

    @Parameters(paramLabel = "PROFILE", description = "The profile (a YAML file).")
    private Path file;

    @Mixin
    private LoadOptions load;

    @Mixin
    private MetricsOption metrics;

    @Mixin
    private RunPlaceOptions place;

    @Override
    public Integer call() throws CannotRun {
        ShardedRun.endWithParent();
        Profile profile = load.read(file);
        Output result = load.output();
        RunRequest request = new RunRequest(
                        profile, load.remote(), place.isolation.isolation(), result.directory(), Path.of("results"))
                .capturing(place.pcap == null ? null : PcapOption.of(place.pcap));
        ReportedRun run = new ReportedRun(request, place.shards, Tcplab.class.getName(), result, metrics.at());
        if (place.isolation != Where.DOCKER) {
            return run.run().code();
        }
        if (place.shards != 1 || metrics.at() != null || place.pcap != null) {
            throw new BadUsage(
                    "--shards, --metrics and --pcap are for a load on this host: remove them, or --isolate docker.");
        }
        try (ContainerPlace containers = ContainerPlace.open(result.view())) {
            return run.run(new ContainerRun(containers, request), result.view()).code();
        }
    }
}
