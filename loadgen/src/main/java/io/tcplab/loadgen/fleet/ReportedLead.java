package io.tcplab.loadgen.fleet;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.record.IntervalReading;
import io.tcplab.loadgen.report.metrics.LoadMetrics;
import io.tcplab.loadgen.report.metrics.MetricsEndpoint;
import io.tcplab.loadgen.report.text.JunitReport;
import io.tcplab.loadgen.report.text.TextReport;
import io.tcplab.loadgen.result.JsonText;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.run.ExitCode;
import io.tcplab.loadgen.run.OrderlyEnd;
import io.tcplab.loadgen.run.Output;
import io.tcplab.loadgen.view.ReadBy;
import io.tcplab.loadgen.view.RunView;
import io.tcplab.loadgen.view.Undertaking;
import io.tcplab.loadgen.view.View;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A lead as a command makes it: ended in order by a signal, printed, and judged by the exit code of its worst group. */
public final class ReportedLead {

    private final LeadRequest request;
    private final Output output;
    private final @Nullable Endpoint metricsAt;

    /** {@code metricsAt} is where metrics are served meanwhile; null = nowhere. */
    public ReportedLead(LeadRequest request, Output output, @Nullable Endpoint metricsAt) {
        this.metricsAt = metricsAt;
        this.request = request;
        this.output = output;
    }

    /** Runs. */
    public ExitCode run() throws CannotRun {
        LoadMetrics metrics = metricsAt == null ? null : new LoadMetrics(request.profile());
        View view = metrics == null ? output.view() : new ReadBy(output.view(), metrics::add, metrics::add);
        try (OrderlyEnd end = OrderlyEnd.onSignal();
                MetricsEndpoint _ = metrics == null || metricsAt == null
                        ? null
                        : MetricsEndpoint.start(metricsAt, metrics.registry());
                View _ = view;
                LeadSession session = session(view)) {
            end.interrupts(session::interrupt);
            view.endsBy(session::interrupt);
            List<GroupResult> results = session.run();
            output.view().close();
            output.print(() -> text(results), () -> json(results));
            GroupResult worst = results.stream()
                    .max(Comparator.comparingInt(
                            each -> ExitCode.of(each.summary()).code()))
                    .orElseThrow();
            output.writeJunit(() -> JunitReport.of(worst.summary()));
            return ExitCode.of(worst.summary());
        }
    }

    private String text(List<GroupResult> results) {
        StringBuilder text = new StringBuilder();
        for (GroupResult each : results) {
            if (results.size() > 1) {
                text.append('\n')
                        .append(output.ink().bold("group " + each.name()))
                        .append('\n');
            }
            text.append(TextReport.render(each.summary(), request.profile(), each.directory(), output.ink()));
        }
        return text.toString();
    }

    /** The summary; of several groups an object with each. */
    private static String json(List<GroupResult> results) {
        if (results.size() == 1) {
            return JsonText.of(results.getFirst().summary());
        }
        Map<String, Summary> byName = new LinkedHashMap<>();
        results.forEach(each -> byName.put(each.name(), each.summary()));
        return JsonText.of(Map.of("groups", byName));
    }

    /** The readings of all generators as those of one run, which begins for the view with the first of them. */
    private LeadSession session(View view) {
        RunView seen = view.begins(Undertaking.of(request.profile()));
        return new LeadSession(request, shownBy(seen), seen::row, this::say);
    }

    private static Consumer<IntervalReading> shownBy(RunView seen) {
        AtomicBoolean begun = new AtomicBoolean();
        return reading -> {
            if (!begun.getAndSet(true)) {
                double seconds = reading.beginSeconds() + (reading.endMillis() - reading.beginMillis()) / 1e3;
                seen.recordsFrom(System.nanoTime() - (long) (seconds * 1e9));
            }
            seen.reading(reading);
        };
    }

    private void say(String sentence) {
        output.view().says("tcplab: " + sentence);
    }
}
