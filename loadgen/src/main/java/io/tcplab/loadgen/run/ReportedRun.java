package io.tcplab.loadgen.run;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.report.metrics.LoadMetrics;
import io.tcplab.loadgen.report.metrics.MetricsEndpoint;
import io.tcplab.loadgen.report.text.JunitReport;
import io.tcplab.loadgen.report.text.TextReport;
import io.tcplab.loadgen.result.JsonText;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.view.ReadBy;
import io.tcplab.loadgen.view.View;
import org.jspecify.annotations.Nullable;

/** A run as a command makes it: by one generator or by several, ended in order by a signal, printed, and judged by an exit code. */
public final class ReportedRun {

    private static final int MOST_SHARDS = 256;

    private final RunRequest request;
    private final int shards;
    private final String mainClass;
    private final Output output;
    private final @Nullable Endpoint metricsAt;

    /**
     * @param mainClass the command line's, which shards are started by
     * @param metricsAt where metrics are served meanwhile; null = nowhere
     */
    public ReportedRun(RunRequest request, int shards, String mainClass, Output output, @Nullable Endpoint metricsAt) {
        this.metricsAt = metricsAt;
        this.request = request;
        this.shards = shards;
        this.mainClass = mainClass;
        this.output = output;
    }

    /** Runs. */
    public ExitCode run() throws CannotRun {
        if (shards < 1 || shards > MOST_SHARDS) {
            throw new BadUsage("--shards is " + shards + ", it must be from 1 to " + MOST_SHARDS + ".");
        }
        if (shards > 1 && metricsAt != null) {
            throw new BadUsage("--metrics shows one process, not --shards: remove one of them, or use lead and join.");
        }
        Profile profile = request.profile();
        boolean sysctls =
                !profile.clientSysctls().isEmpty() || !profile.serverSysctls().isEmpty();
        if (sysctls && request.isolation() == Isolation.NONE) {
            throw new CannotRun(
                    profile.target() == null
                            ? "The profile sets sysctls, which are never changed on the host: add --isolate netns."
                            : "The profile sets sysctls, which are never changed on the host, and has a target,"
                                    + " which an isolated network cannot reach: remove the sysctls.");
        }
        request.isolation().enter();
        LoadMetrics metrics = metricsAt == null ? null : new LoadMetrics(profile);
        try (MetricsEndpoint _ =
                metrics == null || metricsAt == null ? null : MetricsEndpoint.start(metricsAt, metrics.registry())) {
            View view = metrics == null ? output.view() : new ReadBy(output.view(), metrics::add, metrics::add);
            return run(
                    shards > 1
                            ? new ShardedRun(request, shards, mainClass, view, output.stderr())
                            : new RunSession(request, view),
                    view);
        }
    }

    /** Makes this run, wherever it takes place; {@code view} is closed before anything is printed. */
    public ExitCode run(EndableRun session, View view) throws CannotRun {
        Profile profile = request.profile();
        try (OrderlyEnd end = OrderlyEnd.onSignal();
                view) {
            end.interrupts(session::interrupt);
            view.endsBy(session::endEarly);
            RunResult result = session.run();
            output.view().close();
            Summary summary = result.summary();
            output.print(
                    () -> TextReport.render(summary, profile, result.directory(), output.ink()),
                    () -> JsonText.of(summary));
            var _ = result.written();
            output.writeJunit(() -> JunitReport.of(summary));
            return ExitCode.of(summary);
        }
    }
}
