package io.tcplab.loadgen.run;

import io.tcplab.companion.CompanionException;
import io.tcplab.companion.control.ControlEndpoint;
import io.tcplab.companion.control.ObservationLog;
import io.tcplab.companion.control.TokenFile;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.kernel.namespace.NetworkNamespace;
import io.tcplab.loadgen.judge.warning.Kernels;
import io.tcplab.loadgen.judge.warning.Warnings;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.result.JsonText;
import io.tcplab.loadgen.view.RunView;
import io.tcplab.loadgen.view.Undertaking;
import io.tcplab.loadgen.view.View;
import io.tcplab.loadgen.watch.PortRecorder;
import io.tcplab.loadgen.watch.SideSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The kernel's record of ports of a server, a line each second, until the time is over or a signal comes. */
public final class ObserveSession {

    private static final long LINE_NANOS = 1_000_000_000L;

    private final ObserveRequest request;
    private final Output output;
    private final PrintWriter stdout;
    private final long beganNanos = System.nanoTime();

    public ObserveSession(ObserveRequest request, Output output) {
        this.request = request;
        this.output = output;
        this.stdout = output.stdout();
    }

    /** Observes; every file and socket is closed when it returns or throws. */
    public ExitCode run() throws CannotRun {
        CountDownLatch stop = new CountDownLatch(1);
        String token = token();
        try (NetworkNamespace there = request.place().enter();
                OrderlyEnd _ = OrderlyEnd.onSignal(stop::countDown);
                View view = output.view();
                WatchedPorts watched = WatchedPorts.start(request, there, beganNanos);
                ControlEndpoint endpoint = endpoint(watched.first().log(), token)) {
            view.endsBy(stop::countDown);
            observe(watched, endpoint, stop);
            output.view().close();
            SideSettings side = watched.side();
            output.print(
                    () -> ServerDiagnosis.text(watched.recorders(), side) + elsewhere(watched),
                    () -> JsonText.of(ServerDiagnosis.of(watched.recorders(), side)));
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

    /** Where nobody listened, that a child of the process that was named is in another namespace. */
    private String elsewhere(WatchedPorts watched) {
        return watched.recorders().stream()
                        .allMatch(each -> each.figures().listeners().isEmpty())
                ? request.place().childElsewhere()
                : "";
    }

    /** On the screen, which shows one port; several are lines on stdout. */
    private boolean draws() {
        return request.ports().size() == 1 && output.view().draws();
    }

    private RunView look(WatchedPorts watched) {
        if (request.ports().size() > 1) {
            return RunView.UNSEEN;
        }
        PortRecorder recorder = watched.first().recorder();
        SideSettings side = watched.side();
        RunView seen = output.view()
                .begins(Undertaking.observing(
                        watched.first().port(), request.place().inWords(), request.forNanos()));
        seen.recordsFrom(beganNanos);
        seen.judgedBy(true, () -> Warnings.soFar(Kernels.observed(recorder.figures(), side)));
        return seen;
    }

    private void observe(WatchedPorts watched, @Nullable ControlEndpoint endpoint, CountDownLatch stop)
            throws IOException, InterruptedException {
        boolean several = request.ports().size() > 1;
        say("observing port " + watched.words()
                + (endpoint == null ? "" : ", control " + Endpoint.text(endpoint.address())));
        say((several ? "  port" : "") + PortRecorder.HEADING);
        RunView seen = look(watched);
        boolean over = false;
        while (!over) {
            long left = Math.min(LINE_NANOS, request.forNanos() - (System.nanoTime() - beganNanos));
            over = left <= 0 || stop.await(left, TimeUnit.NANOSECONDS);
            for (WatchedPort each : watched.all()) {
                each.read(over, seen); // the last look has all states and the process as it is now, whatever that costs
                say((several ? String.format(Locale.ROOT, "%6d", each.port()) : "")
                        + each.recorder().line());
            }
        }
    }

    private void say(String line) {
        if (draws()) {
            return;
        }
        if (output.json()) {
            output.view().says(line); // nobody sees it unless --plain asks for lines
        } else {
            stdout.println(line);
            stdout.flush();
        }
    }

    private @Nullable ControlEndpoint endpoint(ObservationLog log, @Nullable String token) throws CompanionException {
        Endpoint control = request.control();
        return control == null ? null : ControlEndpoint.start(null, log, control, token);
    }

    private @Nullable String token() {
        Path file = request.tokenFile();
        if (file == null) {
            return request.token();
        }
        try {
            return TokenFile.read(file);
        } catch (IOException e) {
            throw new BadUsage("The " + e.getMessage() + ".");
        }
    }
}
