package io.tcplab.loadgen.run;

import io.tcplab.companion.CompanionException;
import io.tcplab.companion.control.ControlEndpoint;
import io.tcplab.companion.control.ObservationLog;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.kernel.observe.Observation;
import io.tcplab.kernel.observe.Observer;
import io.tcplab.loadgen.judge.warning.Kernels;
import io.tcplab.loadgen.judge.warning.Warnings;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.result.JsonText;
import io.tcplab.loadgen.result.StreamedFile;
import io.tcplab.loadgen.result.TimelineWriter;
import io.tcplab.loadgen.view.RunView;
import io.tcplab.loadgen.view.Undertaking;
import io.tcplab.loadgen.view.View;
import io.tcplab.loadgen.watch.PortRecorder;
import io.tcplab.loadgen.watch.TimelineRow;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The kernel's record of a port of this host, a line each second, until the time is over or a signal comes. */
public final class ObserveSession {

    private static final long LINE_NANOS = 1_000_000_000L;

    /**
     * What to observe.
     *
     * @param place whose network namespace
     * @param port the server's
     * @param forNanos how long; {@link Long#MAX_VALUE} = until a signal
     * @param interval between observations
     * @param timeline where the timeline goes, absent = nowhere
     * @param control where observations are served, absent = nowhere
     * @param tokenFile has the token that the control endpoint asks for, absent = none
     */
    public record Request(
            ObservedPlace place,
            int port,
            long forNanos,
            Duration interval,
            @Nullable Path timeline,
            @Nullable Endpoint control,
            @Nullable Path tokenFile) {

        public Request {
            if (port < 1 || port > 65_535 || interval.toMillis() < 1) {
                throw new BadUsage("--port must be from 1 to 65535, and --interval at least 1ms.");
            }
        }
    }

    private final Request request;
    private final Output output;
    private final PrintWriter stdout;
    private final long beganNanos = System.nanoTime();
    private final PortRecorder recorder;

    public ObserveSession(Request request, Output output) {
        this.request = request;
        this.output = output;
        this.stdout = output.stdout();
        this.recorder = new PortRecorder(request.port(), beganNanos);
    }

    /** Observes; every file and socket is closed when it returns or throws. */
    public ExitCode run() throws CannotRun {
        CountDownLatch stop = new CountDownLatch(1);
        Observer.Settings settings = new Observer.Settings(request.port(), request.interval(), Observer.DEFAULT_SHARE);
        String token = token();
        Path timeline = request.timeline() == null ? null : request.timeline().toAbsolutePath();
        try (NetworkNamespace there = request.place().enter();
                OrderlyEnd _ = OrderlyEnd.onSignal(stop::countDown);
                View view = output.view();
                StreamedFile file = timeline == null ? null : StreamedFile.at(timeline);
                ObservationLog log = start(there, settings);
                ControlEndpoint endpoint = endpoint(log, token)) {
            view.endsBy(stop::countDown);
            observe(log, endpoint, file == null ? null : new TimelineWriter(file.stream()), stop);
            output.view().close();
            output.print(() -> ServerDiagnosis.text(recorder), () -> JsonText.of(ServerDiagnosis.of(recorder)));
            return ExitCode.FINE;
        } catch (CompanionException e) {
            throw new CannotRun(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new CannotRun(
                    "The timeline cannot be written: " + e.getMessage() + "; choose another file with --csv.", e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED;
        }
    }

    /** Observers are born in the namespace that they look at; the control endpoint stays in ours. */
    private static ObservationLog start(@Nullable NetworkNamespace there, Observer.Settings settings)
            throws CompanionException, IOException {
        try {
            return there == null ? ObservationLog.start(settings) : there.call(() -> ObservationLog.start(settings));
        } catch (CompanionException | IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    /** On the screen, or as a line each second on stdout. */
    private RunView look(View view) {
        RunView seen = view.begins(Undertaking.observing(request.port(), request.forNanos()));
        seen.recordsFrom(beganNanos);
        seen.judgedBy(true, () -> Warnings.soFar(Kernels.observed(recorder.figures())));
        return seen;
    }

    private void observe(
            ObservationLog log, @Nullable ControlEndpoint endpoint, @Nullable TimelineWriter rows, CountDownLatch stop)
            throws IOException, InterruptedException {
        say("observing port " + request.port()
                + (endpoint == null ? "" : ", control " + Endpoint.text(endpoint.address())));
        say(PortRecorder.HEADING);
        RunView seen = look(output.view());
        long last = 0;
        boolean over = false;
        while (!over) {
            long left = Math.min(LINE_NANOS, request.forNanos() - (System.nanoTime() - beganNanos));
            over = left <= 0 || stop.await(left, TimeUnit.NANOSECONDS);
            if (over) {
                log.look(); // the last look has all states and the process as it is now, whatever that costs
            }
            ObservationLog.Part part = log.after(last);
            last = part.last();
            for (Observation observation : part.observations()) {
                recorder.add(observation);
                TimelineRow row = recorder.row(observation);
                seen.row(row);
                if (rows != null) {
                    rows.append(row);
                }
            }
            say(recorder.line());
        }
    }

    private void say(String line) {
        if (!output.json() && !output.view().draws()) {
            stdout.println(line);
            stdout.flush();
        }
    }

    private @Nullable ControlEndpoint endpoint(ObservationLog log, @Nullable String token)
            throws CompanionException, IOException {
        Endpoint control = request.control();
        return control == null ? null : ControlEndpoint.start(null, log, control, token);
    }

    private @Nullable String token() {
        Path file = request.tokenFile();
        if (file == null) {
            return null;
        }
        String token;
        try {
            token = Files.readString(file).strip();
        } catch (IOException e) {
            throw new BadUsage("The token file " + file + " cannot be read: "
                    + e.getClass().getSimpleName().replace("Exception", "") + ".");
        }
        if (token.isEmpty()) {
            throw new BadUsage("The token file " + file + " is empty: write the token to it.");
        }
        return token;
    }
}
