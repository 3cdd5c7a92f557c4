package io.tcplab.loadgen.view;

import io.tcplab.loadgen.record.IntervalReading;
import io.tcplab.loadgen.watch.TimelineRow;
import java.util.function.Consumer;

/** Shows nothing itself, and hands each sentence, each reading and each row on. */
public record HandedOn(Consumer<String> sentences, Consumer<IntervalReading> readings, Consumer<TimelineRow> rows)
        implements View {

    @Override
    public boolean draws() {
        return false;
    }

    @Override
    public RunView begins(Undertaking undertaking) {
        return new RunView() {
            @Override
            public void reading(IntervalReading reading) {
                readings.accept(reading);
            }

            @Override
            public void row(TimelineRow row) {
                rows.accept(row);
            }
        };
    }

    @Override
    public void stage(String sentence, int done, int of) {
        sentences.accept(sentence);
    }

    @Override
    public void says(String sentence) {
        sentences.accept(sentence);
    }

    @Override
    public void endsBy(Runnable end) {}

    @Override
    public void close() {}
}
