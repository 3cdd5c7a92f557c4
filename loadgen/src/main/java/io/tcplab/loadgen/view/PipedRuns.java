package io.tcplab.loadgen.view;

import io.tcplab.loadgen.merge.Interval;
import io.tcplab.loadgen.merge.MergedProgress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * One run or several of one load, each in a process with a {@link PipedView}, shown as one. Of several, the kernels' figures are not
 * shown: each process reads those of its own sides, and together they may count one side more than once.
 */
public final class PipedRuns {

    private static final long JOIN_MILLIS = 1_000;

    private final View view;
    private final RunView seen;
    private final int count;
    private final MergedProgress<Integer> progress;
    private final List<Thread> readers = new ArrayList<>();
    private final Set<Integer> ended = ConcurrentHashMap.newKeySet();

    /** Of so many processes, which do this together. */
    public PipedRuns(View view, Undertaking undertaking, int count) {
        this.view = view;
        this.seen = view.begins(undertaking);
        this.count = count;
        this.progress =
                new MergedProgress<>(IntStream.range(0, count).boxed().toList(), ended::contains, seen::reading);
    }

    /** Whether anybody looks; otherwise the processes need no {@link PipedView}. */
    @SuppressWarnings("ReferenceEquality") // there is one UNSEEN
    public boolean areSeen() {
        return seen != RunView.UNSEEN;
    }

    /** Shows from now on what a process prints. */
    public void follow(int number, InputStream stdout) {
        readers.add(Thread.ofPlatform().name("seen-" + number).daemon(true).start(() -> read(number, stdout)));
    }

    private void read(int number, InputStream stdout) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stdout, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                take(number, line);
            }
        } catch (IOException _) {
            // the process was ended
        } finally {
            ended.add(number);
            progress.ended();
        }
    }

    /** Shows what a process has printed. */
    public void take(int number, String line) {
        switch (RunLine.of(line)) {
            case null -> {}
            case RunLine.Begins(long inNanos, boolean oneNamespace) -> {
                if (number == 0) {
                    seen.judgedBy(oneNamespace, List::of);
                    seen.recordsFrom(System.nanoTime() + inNanos);
                }
            }
            case RunLine.Second(Interval interval, List<Warned> warnings) -> {
                progress.add(number, interval);
                seen.warned(count == 1 ? warnings : named(number, warnings));
            }
            case RunLine.Row(var row) -> {
                if (count == 1) {
                    seen.row(row);
                }
            }
            case RunLine.Sentence(String text) -> {
                if (number == 0) {
                    view.says(text);
                }
            }
        }
    }

    private static List<Warned> named(int number, List<Warned> warnings) {
        return warnings.stream()
                .map(each -> new Warned(each.code(), "shard " + number + ": " + each.message(), each.advice()))
                .toList();
    }

    /** All processes have ended: shows what has not been shown because another one was awaited. */
    public void finish() {
        for (Thread reader : readers) {
            try {
                reader.join(JOIN_MILLIS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
        progress.finish();
    }
}
