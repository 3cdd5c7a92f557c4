package io.tcplab.loadgen.cli;

import io.tcplab.companion.control.DurationOption;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.run.ObserveRequest;
import io.tcplab.loadgen.run.ObserveSession;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Records what the kernel does for any server's ports, on this host or in another network namespace. */
@Command(
        name = "observe",
        description =
                "Records the accept queue, states and counters of any server's ports, on this host or in another network"
                        + " namespace or container, until --for has passed or Ctrl-C.",
        mixinStandardHelpOptions = true)
final class ObserveCommand implements Callable<Integer> {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(
            names = "--port",
            required = true,
            paramLabel = "N[,N]",
            split = ",",
            description =
                    "The server's port, or several: 80,443. Each has its own figures; the counters are the namespace's.")
    private List<Integer> ports = List.of();

    @Mixin
    private PlaceOptions place;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = DurationOption.OrSeconds.class,
            description = "Stop after this time, for example 10s.")
    private @Nullable Duration duration;

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            defaultValue = "100ms",
            converter = DurationOption.class,
            description = "Time between observations (default: ${DEFAULT-VALUE}).")
    private Duration interval = Duration.ofMillis(100);

    @Option(
            names = "--csv",
            paramLabel = "FILE",
            description = "Write the timeline to this file; of several ports, to one each: NAME-PORT.EXTENSION.")
    private @Nullable Path csv;

    @Mixin
    private ControlOptions control;

    @Mixin
    private ViewOptions view;

    @Option(names = "--json", description = "Print a single JSON object at the end.")
    private boolean json;

    @Override
    public Integer call() throws CannotRun {
        long nanos = duration == null ? Long.MAX_VALUE : duration.toNanos();
        var request = new ObserveRequest(
                place.place(), ports, nanos, interval, csv, control.at(), control.tokenFile(), control.token());
        return new ObserveSession(request, view.output(spec.commandLine(), json))
                .run()
                .code();
    }
}
