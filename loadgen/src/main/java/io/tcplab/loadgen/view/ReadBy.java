package io.tcplab.loadgen.view;

import io.tcplab.loadgen.judge.warning.RunWarning;
import io.tcplab.loadgen.record.IntervalReading;
import io.tcplab.loadgen.watch.TimelineRow;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A view whose readings and rows somebody else reads as well, such as an endpoint of metrics. */
public record ReadBy(View view, Consumer<IntervalReading> readings, Consumer<TimelineRow> rows) implements View {

    @Override
    public boolean draws() {
        return view.draws();
    }

    @Override
    public RunView begins(Undertaking undertaking) {
        RunView run = view.begins(undertaking);
        return new RunView() {
            @Override
            public void recordsFrom(long nanos) {
                run.recordsFrom(nanos);
            }

            @Override
            public void reading(IntervalReading reading) {
                run.reading(reading);
                readings.accept(reading);
            }

            @Override
            public void row(TimelineRow row) {
                run.row(row);
                rows.accept(row);
            }

            @Override
            public void judgedBy(boolean oneNamespace, Supplier<List<RunWarning>> soFar) {
                run.judgedBy(oneNamespace, soFar);
            }

            @Override
            public void warned(List<Warned> soFar) {
                run.warned(soFar);
            }
        };
    }

    @Override
    public void stage(String sentence, int done, int of) {
        view.stage(sentence, done, of);
    }

    @Override
    public void says(String sentence) {
        view.says(sentence);
    }

    @Override
    public void endsBy(Runnable end) {
        view.endsBy(end);
    }

    @Override
    public void close() {
        view.close();
    }
}
