package io.tcplab.loadgen.cli;

import io.tcplab.companion.CompanionException;
import io.tcplab.companion.control.ControlEndpoint;
import io.tcplab.companion.control.ObservationLog;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.kernel.observe.Observation;
import io.tcplab.kernel.observe.Observer;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.result.StreamedFile;
import io.tcplab.loadgen.result.SummaryJson;
import io.tcplab.loadgen.result.TimelineWriter;
import io.tcplab.loadgen.watch.PortRecorder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Records what the kernel does for any server's port on this host. */
@Command(
        name = "observe",
        description = {
            "Records accept queue, states and counters for any server's port on this host,",
            "until --for is over or Ctrl-C.",
        },
        mixinStandardHelpOptions = true)
final class ObserveCommand implements Callable<Integer> {

    private static final long LINE_NANOS = 1_000_000_000L;
    private static final long LAST_WORDS_SECONDS = 10;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--port", required = true, paramLabel = "N", description = "The server's port.")
    private int port;

    @Option(names = "--for", paramLabel = "SECONDS", description = "Stop after this time.")
    private double seconds = Double.POSITIVE_INFINITY;

    @Option(names = "--interval", paramLabel = "MS", description = "Time between observations (${DEFAULT-VALUE}).")
    private int intervalMillis = 100;

    @Option(names = "--csv", paramLabel = "FILE", description = "Write the timeline there.")
    private @Nullable Path csv;

    @Option(
            names = "--control",
            paramLabel = "HOST:PORT",
            description = "Serve the observations to 'tcplab run --observe' and /metrics in OpenMetrics form.")
    private @Nullable String control;

    @Option(names = "--token-file", paramLabel = "FILE", description = "What --control asks for; needed off loopback.")
    private @Nullable Path tokenFile;

    @Option(names = "--json", description = "Print one object at the end, and nothing else.")
    private boolean json;

    @Override
    public Integer call() throws CannotRun {
        if (port < 1 || port > 65_535 || intervalMillis < 1) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--port is 1 … 65535, --interval at least 1 ms");
        }
        Observer.Settings settings =
                new Observer.Settings(port, Duration.ofMillis(intervalMillis), Observer.DEFAULT_SHARE);
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            stop.countDown();
            try {
                boolean _ = done.await(LAST_WORDS_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }));
        try {
            return observe(settings, stop);
        } finally {
            done.countDown();
        }
    }

    private int observe(Observer.Settings settings, CountDownLatch stop) throws CannotRun {
        PrintWriter stdout = spec.commandLine().getOut();
        long beganNanos = System.nanoTime();
        PortRecorder recorder = new PortRecorder(port, beganNanos);
        Path timeline = csv == null ? null : csv.toAbsolutePath();
        try (StreamedFile file = timeline == null ? null : StreamedFile.at(timeline);
                ObservationLog log = ObservationLog.start(settings);
                ControlEndpoint endpoint = endpoint(log)) {
            TimelineWriter rows = file == null ? null : new TimelineWriter(file.stream());
            if (!json) {
                stdout.println("observing port " + port + (endpoint == null ? "" : ", control " + endpoint.address()));
                stdout.println(PortRecorder.HEADING);
                stdout.flush();
            }
            long last = 0;
            boolean over = false;
            while (!over) {
                long left = (long) Math.min(LINE_NANOS, seconds * 1e9 - (System.nanoTime() - beganNanos));
                over = left <= 0 || stop.await(left, TimeUnit.NANOSECONDS);
                ObservationLog.Part part = log.after(last);
                last = part.last();
                for (Observation observation : part.observations()) {
                    recorder.add(observation);
                    if (rows != null) {
                        rows.append(recorder.row(observation));
                    }
                }
                if (!json) {
                    stdout.println(recorder.line());
                    stdout.flush();
                }
            }
            if (json) {
                stdout.print(SummaryJson.writeValue(recorder.result()));
            } else {
                stdout.print(recorder.text());
            }
            stdout.flush();
            return ExitCode.FINE.code();
        } catch (CompanionException e) {
            throw new CannotRun(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new CannotRun(
                    "The timeline cannot be written: " + e.getMessage() + "; name another file with --csv.", e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED.code();
        }
    }

    private @Nullable ControlEndpoint endpoint(ObservationLog log) throws CompanionException, IOException {
        if (control == null) {
            return null;
        }
        Endpoint at;
        try {
            at = Endpoint.parseListening(control);
        } catch (IllegalArgumentException wrong) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--control: " + wrong.getMessage(), wrong);
        }
        String token = tokenFile == null ? null : Files.readString(tokenFile).strip();
        return ControlEndpoint.start(null, log, at, token);
    }
}
