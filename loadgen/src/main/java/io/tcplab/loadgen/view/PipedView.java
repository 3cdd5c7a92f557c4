package io.tcplab.loadgen.view;

import io.tcplab.loadgen.judge.warning.RunWarning;
import io.tcplab.loadgen.merge.Interval;
import io.tcplab.loadgen.record.IntervalReading;
import io.tcplab.loadgen.watch.TimelineRow;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/**
 * The view of a run that another process of tcplab has started and shows: a {@link RunLine} on stdout for what is read, and on stdin
 * {@link #END}, which ends the run with a complete result.
 */
public final class PipedView implements View {

    /** What the process that shows the run writes to stdin, in a line, in order to end it. */
    public static final String END = "end";

    private static final String PROPERTY = "tcplab.readings";

    /** The argument of a JVM that gives a command this view. */
    public static final String ARGUMENT = "-D" + PROPERTY + "=true";

    private final PrintWriter out;
    private final InputStream in;

    PipedView(PrintWriter out, InputStream in) {
        this.out = out;
        this.in = in;
    }

    /** Whether this process was started with {@link #ARGUMENT}. */
    public static boolean isAsked() {
        return Boolean.getBoolean(PROPERTY);
    }

    /** On the process's own streams. */
    public static View on(PrintWriter stdout) {
        return new PipedView(stdout, System.in);
    }

    @Override
    public boolean draws() {
        return false;
    }

    @Override
    public RunView begins(Undertaking undertaking) {
        return new RunView() {
            private volatile boolean oneNamespace;
            private volatile Supplier<List<RunWarning>> soFar = List::of;

            @Override
            public void judgedBy(boolean shared, Supplier<List<RunWarning>> judge) {
                oneNamespace = shared;
                soFar = judge;
            }

            @Override
            public void recordsFrom(long nanos) {
                print(new RunLine.Begins(nanos - System.nanoTime(), oneNamespace));
            }

            @Override
            public void reading(IntervalReading reading) {
                List<Warned> warnings = soFar.get().stream().map(Warned::of).toList();
                print(new RunLine.Second(Interval.of(reading), warnings));
            }

            @Override
            public void row(TimelineRow row) {
                if (row.kernel() != null) {
                    print(new RunLine.Row(new TimelineRow(row.second(), row.side(), null, row.kernel())));
                }
            }
        };
    }

    @Override
    public void stage(String sentence, int done, int of) {
        says(sentence);
    }

    @Override
    public void says(String sentence) {
        print(new RunLine.Sentence(sentence));
    }

    private synchronized void print(RunLine line) {
        out.println(line.line());
        out.flush();
    }

    @Override
    public void endsBy(Runnable end) {
        Thread _ = Thread.ofPlatform().name("end-asked-for").daemon(true).start(() -> awaitEnd(end));
    }

    private void awaitEnd(Runnable end) {
        try {
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals(END)) {
                    end.run();
                    return;
                }
            }
        } catch (IOException _) {
            // nobody asks any more
        }
    }

    @Override
    public void close() {}
}
